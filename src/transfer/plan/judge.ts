/** Compares what is selected with what is known of the far side. Pure. */
import type { Picked, Staying } from './considered.ts';
import type { KnownRepository } from './known.ts';
import { wouldPick } from './pick.ts';
import type { Listing } from './listing.ts';
import type { ReasonIn } from './reason.ts';
import type { SelectionLine } from '../selection/line.ts';

/** Whether an artifact is known to be at the far side under its name, and if not, why it travels. */
export function judge({ reference, digest }: Picked, known: KnownRepository | null): ReasonIn | { kind: 'present' } {
  if (known === null) return { kind: 'selected' };
  if (reference.kind === 'digest') return { kind: known.digests.has(digest) ? 'present' : 'new' };
  const there = known.tags.get(reference.tag);
  if (there === undefined) return { kind: 'new' };
  return there === digest ? { kind: 'present' } : { kind: 'changed', was: there };
}

/** Tags that went over once, would be selected, and are no longer at the source. */
export function gone(
  lines: readonly SelectionLine[],
  repository: string,
  listing: Listing | null,
  known: KnownRepository | null,
): readonly Staying[] {
  const here = new Set(listing?.tags.map(({ name }) => name));
  const lost = [...(known?.tags ?? [])].filter(([tag]) => !here.has(tag) && wouldPick(lines, repository, tag));
  return lost.map(([tag, digest]) => ({
    reference: { kind: 'tag', repository, tag },
    digest,
    mediaType: null,
    size: null,
    where: null,
    reason: { kind: 'gone' },
  }));
}
