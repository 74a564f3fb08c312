import type { StepResult } from '../runner.ts';
import type { Prey } from './grounds.ts';

/** One way. */
export interface Way {
  readonly name: string;
  /** Error ids that the step shows. */
  readonly ids: readonly string[];
  /**
   * Set if the run imports something before the step can notice: the blob changes while the run reads it, or its manifest was
   * changed with it. A manifest isn't signed.
   */
  readonly imports?: 'during the run' | 'with its manifest';
  readonly attempt: (prey: Prey) => Promise<StepResult>;
  /** What must not be at the target: by default the foreign artifact under its own name. */
  readonly foreign?: (prey: Prey) => { readonly repository: string; readonly reference: string };
}
