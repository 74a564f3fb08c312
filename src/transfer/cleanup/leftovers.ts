/** Finds ended runs, blobs, and documents of earlier transfers. */
import { findDocument, MANIFEST, type ManifestDocument } from '../documents/index.ts';
import type { BlobFacts } from '../model/blob.ts';
import { HISTORY_ENDING, MANIFEST_ENDING, manifestName, planName, RECEIPT_ENDING } from '../model/names.ts';
import { isSameResource } from '../model/pipeline-id.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import type { RunFacts } from '../ports/pipelines.ts';
import { withDeadline } from '../resilience/deadline.ts';

/** A blob to remove. */
interface StaleBlob {
  readonly name: string;
  readonly bytes: number;
  readonly etag: string;
}

/** The blobs of one earlier transfer. */
interface StaleTransfer {
  readonly transferName: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Transfer blobs first, the manifest last. After an interruption, the manifest still lists the rest. */
  readonly blobs: readonly StaleBlob[];
}

const TAR = '.tar';
const BLOB_NAME = /^(?<transferName>.+)-[\da-f]{16}\.tar$/;
const SHARD_SUFFIX = /\.\d{1,3}-of-\d{1,3}$/;
/** Metadata of every transfer blob (Microsoft: ACR Transfer troubleshooting). */
const CATEGORY = 'acr-transfer-blob';

/** The transfer name in the name of a transfer blob; null if it has another form. */
const transferNameOf = (blob: string): string | null => BLOB_NAME.exec(blob)?.groups?.['transferName'] ?? null;

/** The names that the blobs of a manifest can start with. The manifest of a shard is named after the shard, its blobs after the plan. */
const blobPrefixes = (transferName: string): readonly string[] => [
  transferName,
  transferName.replace(SHARD_SUFFIX, ''),
];

const staleOf = (name: string, { size, etag }: BlobFacts): StaleBlob => ({ name, bytes: size, etag });

/**
 * Finds a transfer blob that a manifest lists. A manifest might list foreign blobs, because others can write to the
 * container. So the name must have the form of a transfer blob, and size and MD5 must match.
 */
async function transferBlob(
  container: BlobContainer,
  transferName: string,
  { name, size, md5 }: ManifestDocument['batches'][number]['blob'],
): Promise<readonly StaleBlob[]> {
  if (!blobPrefixes(transferName).includes(transferNameOf(name) ?? '')) return [];
  const facts = await container.find(name);
  return facts !== null && facts.size === size && facts.md5 === md5 ? [staleOf(name, facts)] : [];
}

async function findDocuments(container: BlobContainer, names: readonly string[]): Promise<readonly StaleBlob[]> {
  const found: StaleBlob[] = [];
  for (const name of names) {
    const facts = await container.find(name);
    if (facts !== null) found.push(staleOf(name, facts));
  }
  return found;
}

/** The content of a manifest that is damaged, newer, or renamed is unknown, so it is kept. */
async function readManifest(container: BlobContainer, name: string): Promise<ManifestDocument | null> {
  const manifest = await findDocument(container, MANIFEST, name);
  return manifest !== null && manifestName(manifest.transferName) === name ? manifest : null;
}

async function staleTransfer(container: BlobContainer, manifest: ManifestDocument): Promise<StaleTransfer> {
  const { transferName, createdAt, batches } = manifest;
  const blobs: StaleBlob[] = [];
  for (const { blob } of batches) blobs.push(...(await transferBlob(container, transferName, blob)));
  const names = [planName(transferName), manifestName(transferName)];
  const documents = await findDocuments(container, names);
  return { transferName, createdAt: Date.parse(createdAt), blobs: [...blobs, ...documents] };
}

/** A manifest in a container; null if it can't be read. */
interface ListedManifest {
  readonly name: string;
  readonly manifest: ManifestDocument | null;
}

const isOld = (time: number, before: number | null): boolean => before === null || time < before;

/**
 * Finds transfer blobs that no manifest lists any more, because a later transfer of the same name replaced the manifest. Only
 * transfers whose manifests can all be read are considered, and only blobs that an export has written.
 */
async function unlistedBlobs(
  container: BlobContainer,
  listed: readonly ListedManifest[],
  before: number | null,
): Promise<readonly StaleTransfer[]> {
  const known = new Set(
    listed.flatMap(({ manifest }) => (manifest === null ? [] : blobPrefixes(manifest.transferName))),
  );
  const unreadable = listed.filter(({ manifest }) => manifest === null);
  for (const { name } of unreadable) {
    for (const prefix of blobPrefixes(name.slice(0, -MANIFEST_ENDING.length))) known.delete(prefix);
  }
  const blobs = new Set(listed.flatMap(({ manifest }) => manifest?.batches.map(({ blob }) => blob.name) ?? []));
  const stale: StaleTransfer[] = [];
  for (const name of await container.list(TAR)) {
    const transferName = transferNameOf(name);
    if (transferName === null || !known.has(transferName) || blobs.has(name)) continue;
    const facts = await container.find(name);
    if (facts === null || facts.metadata['category'] !== CATEGORY || !isOld(facts.modifiedAt, before)) continue;
    stale.push({ transferName, createdAt: facts.modifiedAt, blobs: [staleOf(name, facts)] });
  }
  return stale;
}

/**
 * Finds the transfers whose blobs are in a container.
 * @param before only transfers that were created before, milliseconds since the epoch; null: all of them
 */
export async function staleTransfers(
  container: BlobContainer,
  before: number | null,
): Promise<readonly StaleTransfer[]> {
  const listed: ListedManifest[] = [];
  for (const name of await container.list(MANIFEST_ENDING)) {
    listed.push({ name, manifest: await readManifest(container, name) });
  }
  const stale: StaleTransfer[] = [];
  for (const { manifest } of listed) {
    if (manifest === null || !isOld(Date.parse(manifest.createdAt), before)) continue;
    stale.push(await staleTransfer(container, manifest));
  }
  return [...(await unlistedBlobs(container, listed, before)), ...stale];
}

/** Finds receipts and histories, the baseline of incremental transfers. Without it, a transfer includes everything again. */
export const receiptsAndHistories = async (container: BlobContainer): Promise<readonly StaleBlob[]> =>
  findDocuments(container, [...(await container.list(RECEIPT_ENDING)), ...(await container.list(HISTORY_ENDING))]);

/**
 * Removes blobs, one after the other. Keeps a blob that was written since it was found.
 * @param signal ends the removal before the next blob, with its reason
 * @param onRemoved called for each removed blob
 */
export async function removeBlobs(
  container: BlobContainer,
  blobs: readonly StaleBlob[],
  signal: AbortSignal,
  onRemoved: (blob: StaleBlob) => void = () => undefined,
): Promise<void> {
  for (const blob of blobs) {
    signal.throwIfAborted();
    if (await withDeadline(signal, async () => container.remove?.(blob.name, blob.etag))) onRemoved(blob);
  }
}

/** The form of the names that this action gives to runs. */
const OWN_RUN_NAME = /^(?:(?:export|import)[\da-f]{32}|trial[\da-f]{20})$/;

/**
 * Finds runs of a pipeline that this action started and that have ended.
 * @param before only runs that started before, milliseconds since the epoch; null: all of them
 */
export const endedRuns = (runs: readonly RunFacts[], pipelineId: string, before: number | null): readonly RunFacts[] =>
  runs.filter(
    (run) =>
      run.ended &&
      OWN_RUN_NAME.test(run.name) &&
      isSameResource(run.pipelineId, pipelineId) &&
      // The age of a run without a start time is unknown.
      (before === null || (run.startedAt !== null && run.startedAt < before)),
  );
