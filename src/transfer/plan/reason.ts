/** Why an artifact travels, or stays. */
import type { Failure } from '../failure.ts';

/** Why an artifact travels. */
export type ReasonIn =
  /** Nobody compared (incremental: off). */
  | { readonly kind: 'selected' }
  | { readonly kind: 'new' }
  /** Its tag moved since it went over. */
  | { readonly kind: 'changed'; readonly was: string }
  /** It went over, but not all manifests of its index are known to be there. */
  | { readonly kind: 'incomplete'; readonly missing: number }
  /** It belongs to a batch that an earlier attempt has begun. */
  | { readonly kind: 'resumed' }
  /** It is in a plan that was given, which says why. */
  | { readonly kind: 'as-planned'; readonly text: string };

/** Why an artifact stays. */
export type ReasonOut =
  | { readonly kind: 'present' }
  /** A line with `!` leaves it out. */
  | { readonly kind: 'excluded'; readonly by: string }
  /** It is known at the far side, and no longer at the source. */
  | { readonly kind: 'gone' }
  /** It cannot travel. */
  | { readonly kind: 'blocked'; readonly failure: Failure }
  /** What it refers to stays, so it has nothing to go with. */
  | { readonly kind: 'subject-stays' };

const shortened = (digest: string): string => `${digest.slice(0, 19)}…`;

/** The reason in words. */
export function reasonText(reason: ReasonIn | ReasonOut): string {
  switch (reason.kind) {
    case 'selected':
      return 'selected';
    case 'new':
      return 'new';
    case 'changed':
      return `changed: was ${shortened(reason.was)}`;
    case 'incomplete':
      return `incomplete at the target: ${reason.missing} of its manifests are missing`;
    case 'resumed':
      return 'goes on with a batch that was begun before';
    case 'as-planned':
      return reason.text;
    case 'present':
      return 'already there';
    case 'excluded':
      return `left out by ${reason.by}`;
    case 'gone':
      return 'gone from the source; stays at the target';
    case 'blocked':
      return reason.failure.facts.title;
    case 'subject-stays':
      return 'what it refers to stays';
  }
}
