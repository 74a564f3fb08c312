/** Plan, reasons, selected / to transfer / skipped. */
import type { TransferError } from '../errors/index.ts';
import type { Artifact, Batch, Descriptor } from './artifact.ts';
import type { Reference } from './reference.ts';

/** An artifact that a line selects, before anybody has looked at it. */
export interface Selected {
  readonly reference: Reference;
  readonly digest: string;
  /** The line that selects it. */
  readonly where: string;
}

/** An artifact that is to travel. */
export interface ToTransfer extends Artifact {
  /** The line that selects it, or what it refers to. */
  readonly where: string;
  readonly reason: TransferReason;
  /** What must go into the same batch has the same root: the selected artifact that it is, or refers to. */
  readonly root: string;
  readonly content: readonly Descriptor[];
  /** Digests of layers that the service does not carry. */
  readonly foreign: readonly string[];
}

/** An artifact that stays. */
export interface Skipped {
  readonly reference: Reference;
  /** At the source; of what is gone, at the far side. */
  readonly digest: string;
  /** Null when nobody looked. */
  readonly mediaType: string | null;
  /** Bytes; null when nobody looked. */
  readonly size: number | null;
  readonly where: string | null;
  readonly reason: SkipReason;
}

/** An artifact that travels, with why. */
export interface PlannedArtifact extends Artifact {
  /** Name of the blob that it travels in. */
  readonly blob: string;
  /** The line that selects it; null when it goes on with a batch begun before. */
  readonly where: string | null;
  readonly reason: TransferReason;
}

/** What would travel, in which batches, and for everything why it travels or stays. */
export interface Plan {
  readonly batches: readonly Batch[];
  readonly artifacts: readonly PlannedArtifact[];
  readonly staying: readonly Skipped[];
  readonly bytes: PlanBytes;
}

/** How many bytes the blobs have together. */
export interface PlanBytes {
  /** As planned: content counted once for each blob. */
  readonly planned: number;
  /** If batches were formed in the order of the listing. */
  readonly naive: number;
  /** If all content travelled once. */
  readonly least: number;
}

/** Why an artifact travels. */
export type TransferReason =
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
export type SkipReason =
  | { readonly kind: 'present' }
  /** A line with `!` leaves it out. */
  | { readonly kind: 'excluded'; readonly by: string }
  /** It is known at the far side, and no longer at the source. */
  | { readonly kind: 'gone' }
  /** It cannot travel. */
  | { readonly kind: 'blocked'; readonly failure: TransferError }
  /** What it refers to stays, so it has nothing to go with. */
  | { readonly kind: 'subject-stays' };

const shortened = (digest: string): string => `${digest.slice(0, 19)}…`;

/** The reason in words. */
export function reasonText(reason: TransferReason | SkipReason): string {
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
