/** Artifact, descriptor, batch; names of blobs and runs. */
import { createHash } from 'node:crypto';
import { formatReference, type Reference } from './reference.ts';

/** Content that a manifest references. */
export interface Descriptor {
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

/** A selected artifact with its digest, as it must be at the target after the transfer. */
export interface Artifact {
  readonly reference: Reference;
  readonly digest: string;
  readonly mediaType: string;
  /** Bytes, each content counted once. */
  readonly size: number;
  /** Digests of the manifests below an index. */
  readonly children: readonly string[];
  /** Digest of the subject of a signature, an SBOM or another referrer; null for other artifacts. */
  readonly subject: string | null;
}

/** At most 50 artifacts that are transferred in one pipeline run and one transfer blob. */
export interface Batch<Member extends Artifact = Artifact> {
  /** Counted from 1. */
  readonly index: number;
  readonly blob: string;
  /** Empty if only the name of the blob is known. */
  readonly artifacts: readonly Member[];
  /** Size of the blob, estimated from its content until the blob exists. */
  readonly bytes: number;
  /** ETag of the blob: identifies its content where only its name is known. */
  readonly version?: string;
  /** Number of earlier exports of these artifacts whose blobs lack some of them; absent: none. */
  readonly attempt?: number;
}

/** Limit of the service for one run (Microsoft: ACR Transfer prerequisites). */
export const MAX_ARTIFACTS_PER_RUN = 50;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Hex digits of the content hash in blob names: enough to avoid collisions between the batches of one transfer. */
const BLOB_HASH_LENGTH = 16;
const RUN_HASH_LENGTH = 32;

/**
 * Name of the blob of a batch. It derives from the artifacts of the batch, in any order.
 * @param attempt see {@link Batch.attempt}
 */
export function blobName(
  transferName: string,
  artifacts: readonly Pick<Artifact, 'reference' | 'digest'>[],
  attempt = 0,
): string {
  const content = artifacts.map(({ reference, digest }) => `${formatReference(reference)} ${digest}`).sort();
  if (attempt > 0) content.push(`attempt ${attempt}`);
  return `${transferName}-${sha256(content.join('\n')).slice(0, BLOB_HASH_LENGTH)}.tar`;
}

/**
 * Name of the run that exports or imports a blob through a pipeline. It derives from the pipeline and the blob, so that a
 * second attempt finds the run of the first. Letters and digits, 38 characters: the service allows 5 to 50 (service spec).
 */
export function runName(kind: 'export' | 'import', pipelineId: string, blob: string): string {
  return `${kind}${sha256(`${pipelineId.toLowerCase()}\n${blob}`).slice(0, RUN_HASH_LENGTH)}`;
}

/**
 * The batch that exports artifacts of a batch again, because the blob of the batch lacks them. It has another blob, and so
 * other runs: the runs of the first blob have succeeded.
 */
export function batchAgain({ index, blob, attempt = 0 }: Batch, artifacts: readonly Artifact[]): Batch {
  const transferName = blob.slice(0, blob.lastIndexOf('-'));
  const bytes = artifacts.reduce((sum, { size }) => sum + size, 0);
  return { index, blob: blobName(transferName, artifacts, attempt + 1), artifacts, bytes, attempt: attempt + 1 };
}

/** The artifacts of batches, by repository. */
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
