import { asFailure, failure, type Failure } from './failure.ts';
import { inspect } from './inspect.ts';
import type { Artifact } from './artifact.ts';
import { formatReference } from './reference.ts';
import type { Registry } from './services.ts';

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
 * @param limit gives each look its turn
 * @returns for each artifact, in order, null when it is there bit for bit, else why not (ACRT6001 to ACRT6004)
 */
export function verifyArtifacts(
  registry: Registry,
  artifacts: readonly Artifact[],
  limit: <Result>(look: () => Promise<Result>) => Promise<Result>,
): Promise<readonly (Failure | null)[]> {
  return Promise.all(artifacts.map((artifact) => limit(() => check(registry, artifact))));
}
