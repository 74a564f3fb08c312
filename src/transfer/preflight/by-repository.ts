import type { Artifact, Batch } from '../artifact.ts';

/** The artifacts of batches, by their repository. */
export function byRepository(batches: readonly Batch[]): ReadonlyMap<string, readonly Artifact[]> {
  const groups = new Map<string, Artifact[]>();
  for (const artifact of batches.flatMap(({ artifacts }) => artifacts)) {
    const { repository } = artifact.reference;
    const group = groups.get(repository) ?? [];
    group.push(artifact);
    groups.set(repository, group);
  }
  return groups;
}
