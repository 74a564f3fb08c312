/** The plan: selected, transferred and skipped artifacts, with their reasons. */
import type { TransferError } from '../errors/index.ts';
import type { Artifact, Batch, Descriptor } from './artifact.ts';
import type { Reference } from './reference.ts';

/** An artifact that a line selects, before its manifest is read. */
export interface Selected {
  readonly reference: Reference;
  readonly digest: string;
  /** The line that selects the artifact. */
  readonly where: string;
}

/** An artifact of a plan with the reason why it is transferred. */
export interface PlannedArtifact extends Artifact {
  /** The line that selects the artifact or its subject; null if it belongs to a resumed batch. */
  readonly where: string | null;
  readonly reason: TransferReason;
}

/** An artifact to transfer, before batching. */
export interface Candidate extends PlannedArtifact {
  readonly where: string;
  /** The selected artifact that it is or refers to. Artifacts with the same root go into the same batch. */
  readonly root: string;
  readonly content: readonly Descriptor[];
  /** Digests of foreign layers, which the service does not transfer. */
  readonly foreign: readonly string[];
}

/** An artifact that is not transferred. */
export interface Skipped {
  readonly reference: Reference;
  /** Digest at the source; for artifacts that were deleted at the source, at the target. */
  readonly digest: string;
  /** Null if the manifest was not read. */
  readonly mediaType: string | null;
  /** Bytes; null if the manifest was not read. */
  readonly size: number | null;
  readonly where: string | null;
  readonly reason: SkipReason;
}

/** A batch whose artifacts have their reasons. */
export type PlannedBatch = Batch<PlannedArtifact>;

/** The batches, and for each artifact the reason why it is transferred or skipped. */
export interface Plan {
  readonly batches: readonly PlannedBatch[];
  readonly skipped: readonly Skipped[];
  readonly bytes: PlanBytes;
}

/** The artifacts of all batches. */
export const plannedArtifacts = ({ batches }: Pick<Plan, 'batches'>): readonly PlannedArtifact[] =>
  batches.flatMap(({ artifacts }) => artifacts);

/** Total size of the transfer blobs. */
interface PlanBytes {
  /** As planned. Content is counted once for each blob. */
  readonly planned: number;
  /** With batches in the order of the source's listing. */
  readonly naive: number;
  /** With each content transferred once: the lower bound. */
  readonly least: number;
}

/** Why an artifact is transferred. */
export type TransferReason =
  /** Not compared (incremental: off). */
  | { readonly kind: 'selected' }
  | { readonly kind: 'new' }
  /** Its tag moved since the last transfer. */
  | { readonly kind: 'changed'; readonly was: string }
  /** It was transferred, but manifests of its index are missing at the target. */
  | { readonly kind: 'incomplete'; readonly missing: number }
  /** It belongs to a batch that an earlier attempt started. */
  | { readonly kind: 'resumed' }
  /** It is in an approved plan, which contains the reason. */
  | { readonly kind: 'as-planned'; readonly text: string };

/** Why an artifact is skipped. */
export type SkipReason =
  /** It is up to date at the target. */
  | { readonly kind: 'present' }
  /** A line with `!` excludes it. */
  | { readonly kind: 'excluded'; readonly by: string }
  /** It is at the target, and was deleted at the source. */
  | { readonly kind: 'deleted' }
  /** It can't be transferred. */
  | { readonly kind: 'blocked'; readonly failure: TransferError }
  /** Its subject is skipped. */
  | { readonly kind: 'subject-stays' };

const shortDigest = (digest: string): string => `${digest.slice(0, 19)}…`;

/** The text of a reason. */
export function reasonText(reason: TransferReason | SkipReason): string {
  switch (reason.kind) {
    case 'selected':
      return 'selected';
    case 'new':
      return 'new';
    case 'changed':
      return `changed: was ${shortDigest(reason.was)}`;
    case 'incomplete':
      return `incomplete at the target: ${reason.missing} of its manifests are missing`;
    case 'resumed':
      return 'resumes a batch of an earlier attempt';
    case 'as-planned':
      return reason.text;
    case 'present':
      return 'up to date';
    case 'excluded':
      return `excluded by ${reason.by}`;
    case 'deleted':
      return 'deleted at the source; kept at the target';
    case 'blocked':
      return reason.failure.facts.title;
    case 'subject-stays':
      return 'its subject is skipped';
  }
}
