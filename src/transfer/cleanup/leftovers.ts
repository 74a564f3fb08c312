/** Ended runs, blobs and documents of earlier transfers. */
import { MANIFEST, readDocument, type ManifestDocument } from '../documents/index.ts';
import type { BlobFacts } from '../model/blob.ts';
import { HISTORY_ENDING, MANIFEST_ENDING, manifestName, planName, RECEIPT_ENDING } from '../model/names.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import type { RunFacts } from '../ports/pipelines.ts';

/** Something to remove. */
export interface StaleBlob {
  readonly name: string;
  readonly bytes: number;
  readonly etag: string;
}

/** What one transfer has left. */
export interface StaleTransfer {
  readonly transferName: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Blobs first, the manifest last: whoever is interrupted finds the rest again. */
  readonly blobs: readonly StaleBlob[];
}

const BLOB_ENDING = /^-[\da-f]{16}\.tar$/;

const staleOf = (name: string, { size, etag }: BlobFacts): StaleBlob => ({ name, bytes: size, etag });

/** Anybody who may write a manifest could list the blobs of others in it: name, size and MD5 have to be those of a transfer. */
async function transferBlob(
  container: BlobContainer,
  transferName: string,
  { name, size, md5 }: ManifestDocument['batches'][number]['blob'],
): Promise<readonly StaleBlob[]> {
  if (!name.startsWith(transferName) || !BLOB_ENDING.test(name.slice(transferName.length))) return [];
  const facts = await container.find(name);
  return facts !== null && facts.size === size && facts.md5 === md5 ? [staleOf(name, facts)] : [];
}

async function documents(container: BlobContainer, names: readonly string[]): Promise<readonly StaleBlob[]> {
  const left: StaleBlob[] = [];
  for (const name of names) {
    const facts = await container.find(name);
    if (facts !== null) left.push(staleOf(name, facts));
  }
  return left;
}

async function readManifest(container: BlobContainer, name: string): Promise<ManifestDocument | null> {
  const text = await container.readText(name);
  if (text === null) return null;
  try {
    const manifest = readDocument(MANIFEST, text, name);
    return manifestName(manifest.transferName) === name ? manifest : null;
  } catch {
    // Damaged, or of a newer release: nobody knows here what is in it, so it stays.
    return null;
  }
}

async function staleFrom(container: BlobContainer, manifest: ManifestDocument): Promise<StaleTransfer> {
  const { transferName, createdAt, batches } = manifest;
  const blobs: StaleBlob[] = [];
  for (const { blob } of batches) blobs.push(...(await transferBlob(container, transferName, blob)));
  const names = [planName(transferName), manifestName(transferName)];
  return { transferName, createdAt: Date.parse(createdAt), blobs: [...blobs, ...(await documents(container, names))] };
}

/**
 * Transfers that left blobs in a container.
 * @param before only those made before, milliseconds since the epoch; null: all of them
 */
export async function staleTransfers(
  container: BlobContainer,
  before: number | null,
): Promise<readonly StaleTransfer[]> {
  const left: StaleTransfer[] = [];
  for (const name of await container.list(MANIFEST_ENDING)) {
    const manifest = await readManifest(container, name);
    if (manifest === null || (before !== null && Date.parse(manifest.createdAt) >= before)) continue;
    left.push(await staleFrom(container, manifest));
  }
  return left;
}

/** What transfers remember each other by: receipts and histories. Without them an incremental transfer carries all anew. */
export const receiptsAndHistories = async (container: BlobContainer): Promise<readonly StaleBlob[]> =>
  documents(container, [...(await container.list(RECEIPT_ENDING)), ...(await container.list(HISTORY_ENDING))]);

/**
 * Removes blobs as they were found; one that was written since stays.
 * @returns those that are gone
 */
export async function removeBlobs(
  container: BlobContainer,
  blobs: readonly StaleBlob[],
): Promise<readonly StaleBlob[]> {
  const removed: StaleBlob[] = [];
  for (const blob of blobs) if (await container.remove?.(blob.name, blob.etag)) removed.push(blob);
  return removed;
}

/** The names that this action gives to runs; nobody else's have this form. */
const OURS = /^(?:(?:export|import)[\da-f]{32}|trial[\da-f]{20})$/;

/**
 * Runs of a pipeline that this action has started, and that have ended.
 * @param before only those that started before, milliseconds since the epoch; null: all of them
 */
export const endedRuns = (runs: readonly RunFacts[], pipelineId: string, before: number | null): readonly RunFacts[] =>
  runs.filter(
    (run) =>
      run.ended &&
      OURS.test(run.name) &&
      run.pipelineId.toLowerCase() === pipelineId.toLowerCase() &&
      // How old a run is that does not say when it started, nobody knows.
      (before === null || (run.startedAt !== null && run.startedAt < before)),
  );
