/** What a mode has done so far. */
import type { ModeResult } from '../model/result.ts';

/**
 * Collects the result of a mode while it runs. It belongs to the caller of the mode, so that neither an error nor the time
 * limit can lose what was done before.
 */
export interface ResultRecord {
  /** Adds facts; later facts replace earlier ones. */
  readonly add: (facts: Partial<ModeResult>) => void;
  readonly facts: () => Partial<ModeResult>;
}

/** Creates an empty record. */
export function createResultRecord(): ResultRecord {
  let facts: Partial<ModeResult> = {};
  return {
    add: (added) => {
      facts = { ...facts, ...added };
    },
    facts: () => facts,
  };
}
