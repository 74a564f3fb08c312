/** Artifact, descriptor, batch; names of blobs and runs. */
import { createHash } from 'node:crypto';
import { formatReference, type Reference } from './reference.ts';

/** A selected artifact with its digest: what must be at the target in the end. */
export interface Artifact {
  readonly reference: Reference;
  readonly digest: string;
  readonly mediaType: string;
  /** Bytes, each content counted once. */
  readonly size: number;
  /** Digests of the manifests below an index. */
  readonly children: readonly string[];
  /** Digest of what it refers to, if it is a signature, an SBOM or another referrer; else null. */
  readonly subject: string | null;
}

/** At most 50 artifacts that travel in one pipeline run and one transfer blob. */
export interface Batch {
  /** Counted from 1. */
  readonly index: number;
  readonly blob: string;
  /** Empty when only the blob's name is known. */
  readonly artifacts: readonly Artifact[];
  /** Of the blob: estimated from its content until it exists, then its size. */
  readonly bytes: number;
  /** What tells this content of the blob from any other, where only the blob's name is known: its MD5 or ETag. */
  readonly version?: string;
}

/** The service takes at most 50 artifacts in a run (Microsoft: ACR Transfer prerequisites). */
export const MAX_ARTIFACTS_PER_RUN = 50;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Blob names carry this much of the content's hash: enough that two batches of one transfer never meet. */
const BLOB_HASH_LENGTH = 16;
const RUN_HASH_LENGTH = 32;

/** The name of the blob of a batch. It derives from what is in the batch, whatever its order. */
export function blobName(transferName: string, artifacts: readonly Pick<Artifact, 'reference' | 'digest'>[]): string {
  const content = artifacts.map(({ reference, digest }) => `${formatReference(reference)} ${digest}`).sort();
  return `${transferName}-${sha256(content.join('\n')).slice(0, BLOB_HASH_LENGTH)}.tar`;
}

/**
 * The name of the run that exports or imports a blob through a pipeline. It derives from both, so that a second attempt
 * meets the run of the first. Letters and digits, 38 characters: the service takes 5 to 50 (service spec).
 */
export function runName(kind: 'export' | 'import', pipelineId: string, blob: string): string {
  return `${kind}${sha256(`${pipelineId.toLowerCase()}\n${blob}`).slice(0, RUN_HASH_LENGTH)}`;
}

/** The artifacts of batches, by their repository. */
export function groupByRepository(batches: readonly Batch[]): ReadonlyMap<string, readonly Artifact[]> {
  const groups = new Map<string, Artifact[]>();
  for (const artifact of batches.flatMap(({ artifacts }) => artifacts)) {
    const { repository } = artifact.reference;
    const group = groups.get(repository) ?? [];
    group.push(artifact);
    groups.set(repository, group);
  }
  return groups;
}

/** Content that a manifest names, in bytes. */
export interface Descriptor {
  readonly digest: string;
  readonly size: number;
}
