/** Rebuilds a lost history from the transfer manifests that lie beside the blobs. */
import pLimit from 'p-limit';
import { readDocument } from '../document.ts';
import { asFailure } from '../failure.ts';
import { MANIFEST_ENDING, receiptName } from '../names.ts';
import { MANIFEST, RECEIPT, type ManifestDocument } from '../schemas.ts';
import type { BlobContainer } from '../storage.ts';
import { sameEnds, type Ends } from './ends.ts';
import { mergeHistory, type HandedOverArtifact } from './merge.ts';

/** What the manifests told. */
export interface Rebuilt {
  readonly artifacts: readonly HandedOverArtifact[];
  /** Manifests that were used. */
  readonly manifests: number;
  readonly notes: readonly string[];
}

const READS_AT_A_TIME = 8;

/** Artifacts that the receipt beside the manifest has not seen arrive; none when there is no receipt. */
async function notArrived(container: BlobContainer, documentName: string): Promise<ReadonlySet<string>> {
  const name = receiptName(documentName);
  const text = await container.readText(name);
  if (text === null) return new Set();
  const { artifacts } = readDocument(RECEIPT, text, name);
  return new Set(artifacts.flatMap(({ reference, outcome }) => (outcome === 'failed' ? [reference] : [])));
}

async function entriesOf(
  container: BlobContainer,
  document: ManifestDocument,
  documentName: string,
): Promise<readonly HandedOverArtifact[]> {
  const missing = await notArrived(container, documentName);
  const { createdAt: at, transferName } = document;
  return document.batches
    .flatMap(({ artifacts }) => artifacts)
    .filter(({ reference }) => !missing.has(reference))
    .map(({ reference, digest, children }) => ({ reference, digest, children, at, transferName }));
}

/** Entries of one manifest; null when it is not of these two registries, a sentence when it cannot be read. */
async function readManifest(
  container: BlobContainer,
  name: string,
  ends: Ends,
): Promise<readonly HandedOverArtifact[] | string | null> {
  try {
    const document = readDocument(MANIFEST, (await container.readText(name)) ?? '', name);
    if (!sameEnds({ source: document.registry, destination: document.target }, ends)) return null;
    return await entriesOf(container, document, name.slice(0, -MANIFEST_ENDING.length));
  } catch (error) {
    return `The transfer manifest ${name} was put aside: ${asFailure(error).facts.message}`;
  }
}

/**
 * Rebuilds the history of what went between two registries.
 * @throws ACRT3006, ACRT5004, ACRT5005 when the container cannot be listed
 */
export async function rebuildHistory(container: BlobContainer, ends: Ends): Promise<Rebuilt> {
  const names = await container.list(MANIFEST_ENDING);
  const results = await pLimit(READS_AT_A_TIME).map(names, (name) => readManifest(container, name, ends));
  const used = results.filter((result) => typeof result === 'object' && result !== null);
  return {
    artifacts: mergeHistory(...used),
    manifests: used.length,
    notes: results.filter((result) => typeof result === 'string'),
  };
}
