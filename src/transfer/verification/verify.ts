/** Verifies imported artifacts by their digests. */
import { toTransferError, transferError, type TransferError, type TransferErrorId } from '../errors/index.ts';
import type { Artifact } from '../model/artifact.ts';
import { formatReference } from '../model/reference.ts';
import { inspectArtifact } from '../plan/index.ts';
import type { StageContext } from '../ports/context.ts';
import type { Registry } from '../ports/registry.ts';
import type { ConcurrencyLimit } from '../resilience/concurrency-limit.ts';
import { fixedDelays, retry } from '../resilience/retry.ts';

/** Waits between attempts while an import reaches all replicas of the registry. Seconds. */
const REPLICATION_WAITS_SECONDS: readonly number[] = [0.5, 1, 2, 4];

/** Errors that an outdated replica causes: a missing artifact (ACRT6002) or an old digest (ACRT6001). */
const REPLICATION_ERRORS: readonly TransferErrorId[] = ['ACRT6001', 'ACRT6002'];

/** Settings of a verification. */
export interface Verification {
  readonly registry: Registry;
  /** Limits concurrent reads. */
  readonly limit: ConcurrencyLimit;
  /** Whether an import has just ended. If so, a mismatch is checked again. */
  readonly fresh: boolean;
}

async function checkOnce(registry: Registry, artifact: Artifact): Promise<TransferError | null> {
  const values = { reference: formatReference(artifact.reference), registry: registry.loginServer };
  try {
    const found = await inspectArtifact(registry, artifact.reference);
    if (found === null) return transferError('ACRT6002', { ...values, digest: artifact.digest });
    if (found.digest === artifact.digest) return null;
    return transferError('ACRT6001', { ...values, expected: artifact.digest, actual: found.digest });
  } catch (error) {
    return toTransferError(error);
  }
}

/** Repeats a read right after an import, while its value might come from an outdated replica. */
export const untilReplicated = <Value>(
  read: () => Promise<Value>,
  isCurrent: (value: Value) => boolean,
  { clock, signal }: Pick<StageContext, 'clock' | 'signal'>,
): Promise<Value> => retry(read, { clock, signal, delaySeconds: fixedDelays(REPLICATION_WAITS_SECONDS, isCurrent) });

const isCurrentCheck = (error: TransferError | null): boolean =>
  error === null || !REPLICATION_ERRORS.includes(error.facts.id);

function checkArtifact(
  artifact: Artifact,
  { registry, limit, fresh }: Verification,
  stageContext: Pick<StageContext, 'clock' | 'signal'>,
): Promise<TransferError | null> {
  const check = (): Promise<TransferError | null> => limit(() => checkOnce(registry, artifact));
  return fresh ? untilReplicated(check, isCurrentCheck, stageContext) : check();
}

/**
 * Compares the artifacts in the target registry with those that left the source. Fetches every manifest, including the
 * manifests of an index, and computes its digest from the bytes.
 * @returns for each artifact, in order, null if it is identical, otherwise the error (ACRT6001 to ACRT6004)
 */
export const verifyArtifacts = (
  artifacts: readonly Artifact[],
  verification: Verification,
  stageContext: Pick<StageContext, 'clock' | 'signal'>,
): Promise<readonly (TransferError | null)[]> =>
  Promise.all(artifacts.map((artifact) => checkArtifact(artifact, verification, stageContext)));
