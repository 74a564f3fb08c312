import type { HistoryDocument } from '../schemas.ts';

/** One artifact that was handed over. */
export type HandedOverArtifact = HistoryDocument['artifacts'][number];

/** Of each artifact the newest entry. */
export function mergeHistory(...parts: readonly (readonly HandedOverArtifact[])[]): readonly HandedOverArtifact[] {
  const merged = new Map<string, HandedOverArtifact>();
  for (const entry of parts.flat()) {
    const known = merged.get(entry.reference);
    if (known === undefined || Date.parse(known.at) <= Date.parse(entry.at)) merged.set(entry.reference, entry);
  }
  return [...merged.values()].sort((a, b) => (a.reference < b.reference ? -1 : 1));
}
