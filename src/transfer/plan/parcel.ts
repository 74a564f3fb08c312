/** What is packed, and the limits of a batch. */
import type { Content } from '../services.ts';

/** What must travel together: a subject with its referrers, as one piece. */
export interface Parcel<Item> {
  readonly items: readonly Item[];
  /** All content of the items, their manifests included, each digest once. */
  readonly content: readonly Content[];
}

/** What one batch may hold at most. */
export interface PackLimits {
  /** Artifacts, 1 to 50. */
  readonly artifacts: number;
  /** Bytes of the blob, as they are estimated; null when there is no limit. */
  readonly bytes: number | null;
}
