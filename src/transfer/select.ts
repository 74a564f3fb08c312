import pLimit from 'p-limit';
import { failure, Failure, asFailure } from './failure.ts';
import { inspect, LOOKS_AT_A_TIME, totalBytes } from './inspect.ts';
import type { ResolvedArtifact } from './plan.ts';
import { formatReference } from './reference.ts';
import type { SelectedReference } from './selection.ts';
import type { Registry } from './services.ts';

/** What a selection resolved to. */
export interface Resolution {
  readonly artifacts: readonly ResolvedArtifact[];
  /** One for every line that could not be resolved. */
  readonly failures: readonly Failure[];
}

async function resolve(registry: Registry, selected: SelectedReference): Promise<ResolvedArtifact | Failure> {
  const { reference, where } = selected;
  try {
    const found = await inspect(registry, reference);
    if (found === null) {
      return failure('ACRT3005', { reference: formatReference(reference), where, registry: registry.loginServer });
    }
    return { reference, where, ...found, size: totalBytes(found.content) };
  } catch (error) {
    return asFailure(error);
  }
}

/**
 * Resolves every selected reference to its digest, before anything is started. All mistakes come back at once.
 * @param registry the source registry
 */
export async function resolveSelection(
  registry: Registry,
  selection: readonly SelectedReference[],
): Promise<Resolution> {
  const limit = pLimit(LOOKS_AT_A_TIME);
  const results = await limit.map(selection, (selected) => resolve(registry, selected));
  return {
    artifacts: results.flatMap((result) => (result instanceof Failure ? [] : [result])),
    failures: results.flatMap((result) => (result instanceof Failure ? [result] : [])),
  };
}
