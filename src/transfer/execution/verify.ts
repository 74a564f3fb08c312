import { toTransferError, transferError, type TransferError, type TransferErrorId } from '../errors/index.ts';
import type { Artifact } from '../model/artifact.ts';
import { formatReference } from '../model/reference.ts';
import { inspectArtifact } from '../plan/index.ts';
import type { StageContext } from '../ports/context.ts';
import type { Registry } from '../ports/registry.ts';
import type { ConcurrencyLimit } from '../resilience/concurrency-limit.ts';

/** Waits for a registry that does not show yet, in all its replicas, what was just imported. Seconds. */
const SETTLING: readonly number[] = [0.5, 1, 2, 4];

/** Not there, or something else: the two that a replica which is behind tells. */
const PERHAPS_LATE: readonly TransferErrorId[] = ['ACRT6001', 'ACRT6002'];

/** What verification takes. */
export interface Verification {
  readonly registry: Registry;
  /** Gives each look its turn. */
  readonly limit: ConcurrencyLimit;
  /** Whether an import has just ended: then what is not there yet is looked for again. */
  readonly fresh: boolean;
}

async function look(registry: Registry, artifact: Artifact): Promise<TransferError | null> {
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

async function check(
  artifact: Artifact,
  { registry, limit, fresh }: Verification,
  { clock, signal }: Pick<StageContext, 'clock' | 'signal'>,
): Promise<TransferError | null> {
  let fault = await limit(() => look(registry, artifact));
  for (const seconds of fresh ? SETTLING : []) {
    if (fault === null || !PERHAPS_LATE.includes(fault.facts.id)) break;
    await clock.sleep(seconds, signal);
    fault = await limit(() => look(registry, artifact));
  }
  return fault;
}

/**
 * Compares what the target registry serves with what left the source: every manifest is fetched and its digest computed
 * from the bytes, those below an index too.
 * @returns for each artifact, in order, null when it is there bit for bit, else why not (ACRT6001 to ACRT6004)
 */
export const verifyArtifacts = (
  artifacts: readonly Artifact[],
  verification: Verification,
  tools: Pick<StageContext, 'clock' | 'signal'>,
): Promise<readonly (TransferError | null)[]> =>
  Promise.all(artifacts.map((artifact) => check(artifact, verification, tools)));
