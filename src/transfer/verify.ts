import pLimit from 'p-limit';
import { asFailure, failure, type Failure } from './failure.ts';
import { inspect } from './inspect.ts';
import type { Artifact } from './plan.ts';
import { formatReference } from './reference.ts';
import type { Registry } from './services.ts';

/** Artifacts looked at at a time; see the registry's limits in select.ts. */
const LOOKS_AT_A_TIME = 16;

async function check(registry: Registry, artifact: Artifact): Promise<Failure | null> {
  const values = { reference: formatReference(artifact.reference), registry: registry.loginServer };
  try {
    const found = await inspect(registry, artifact.reference);
    if (found === null) return failure('ACRT6002', { ...values, digest: artifact.digest });
    if (found.digest === artifact.digest) return null;
    return failure('ACRT6001', { ...values, expected: artifact.digest, actual: found.digest });
  } catch (error) {
    return asFailure(error);
  }
}

/**
 * Compares what the target registry serves with what left the source: every manifest is fetched and its digest computed
 * from the bytes, those below an index too.
 * @returns for each artifact, in order, null when it is there bit for bit, else why not (ACRT6001 to ACRT6004)
 */
export function verifyArtifacts(
  registry: Registry,
  artifacts: readonly Artifact[],
): Promise<readonly (Failure | null)[]> {
  return pLimit(LOOKS_AT_A_TIME).map(artifacts, (artifact) => check(registry, artifact));
}
