import type { Artifact, Batch } from '../artifact.ts';
import type { Staying } from './considered.ts';
import type { ReasonIn } from './reason.ts';

/** An artifact that travels, with why. */
export interface PlannedArtifact extends Artifact {
  /** Name of the blob that it travels in. */
  readonly blob: string;
  /** The line that selects it; null when it goes on with a batch begun before. */
  readonly where: string | null;
  readonly reason: ReasonIn;
}

/** What would travel, in which batches, and for everything why it travels or stays. */
export interface Plan {
  readonly batches: readonly Batch[];
  readonly artifacts: readonly PlannedArtifact[];
  readonly staying: readonly Staying[];
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
