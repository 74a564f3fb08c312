/** Finds ended runs, blobs, and documents of earlier transfers. */
import { MANIFEST, readDocument, type ManifestDocument } from '../documents/index.ts';
import type { BlobFacts } from '../model/blob.ts';
import { HISTORY_ENDING, MANIFEST_ENDING, manifestName, planName, RECEIPT_ENDING } from '../model/names.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import type { RunFacts } from '../ports/pipelines.ts';

/** A blob to remove. */
export interface StaleBlob {
  readonly name: string;
  readonly bytes: number;
  readonly etag: string;
}

/** The blobs of one earlier transfer. */
export interface StaleTransfer {
  readonly transferName: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Transfer blobs first, the manifest last. After an interruption, the manifest still lists the rest. */
  readonly blobs: readonly StaleBlob[];
}

const BLOB_SUFFIX = /^-[\da-f]{16}\.tar$/;

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
  if (!name.startsWith(transferName) || !BLOB_SUFFIX.test(name.slice(transferName.length))) return [];
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

async function readManifest(container: BlobContainer, name: string): Promise<ManifestDocument | null> {
  const text = await container.readText(name);
  if (text === null) return null;
  try {
    const manifest = readDocument(MANIFEST, text, name);
    return manifestName(manifest.transferName) === name ? manifest : null;
  } catch {
    // Damaged, or written by a newer release. Its content is unknown, so it is kept.
    return null;
  }
}

async function staleTransfer(container: BlobContainer, manifest: ManifestDocument): Promise<StaleTransfer> {
  const { transferName, createdAt, batches } = manifest;
  const blobs: StaleBlob[] = [];
  for (const { blob } of batches) blobs.push(...(await transferBlob(container, transferName, blob)));
  const names = [planName(transferName), manifestName(transferName)];
  const documents = await findDocuments(container, names);
  return { transferName, createdAt: Date.parse(createdAt), blobs: [...blobs, ...documents] };
}

/**
 * Finds the transfers whose blobs are in a container.
 * @param before only transfers that were created before, milliseconds since the epoch; null: all of them
 */
export async function staleTransfers(
  container: BlobContainer,
  before: number | null,
): Promise<readonly StaleTransfer[]> {
  const stale: StaleTransfer[] = [];
  for (const name of await container.list(MANIFEST_ENDING)) {
    const manifest = await readManifest(container, name);
    if (manifest === null || (before !== null && Date.parse(manifest.createdAt) >= before)) continue;
    stale.push(await staleTransfer(container, manifest));
  }
  return stale;
}

/** Finds receipts and histories, the baseline of incremental transfers. Without it, a transfer includes everything again. */
export const receiptsAndHistories = async (container: BlobContainer): Promise<readonly StaleBlob[]> =>
  findDocuments(container, [...(await container.list(RECEIPT_ENDING)), ...(await container.list(HISTORY_ENDING))]);

/**
 * Removes blobs. Keeps a blob that was written since it was found.
 * @returns the removed blobs
 */
export async function removeBlobs(
  container: BlobContainer,
  blobs: readonly StaleBlob[],
): Promise<readonly StaleBlob[]> {
  const removed: StaleBlob[] = [];
  for (const blob of blobs) if (await container.remove?.(blob.name, blob.etag)) removed.push(blob);
  return removed;
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
      run.pipelineId.toLowerCase() === pipelineId.toLowerCase() &&
      // The age of a run without a start time is unknown.
      (before === null || (run.startedAt !== null && run.startedAt < before)),
  );
