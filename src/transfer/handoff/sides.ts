import type { BlobContainer } from '../storage.ts';

/** Both ends of a handoff. */
export interface HandoffSides {
  readonly source: BlobContainer;
  readonly target: BlobContainer;
}
