import type { StepResult } from '../runner.ts';
import type { Prey } from './grounds.ts';

/** One way. */
export interface Way {
  readonly name: string;
  /** Error ids that the step shows. */
  readonly ids: readonly string[];
  readonly attempt: (prey: Prey) => Promise<StepResult>;
  /** What must not be at the target: by default the foreign artifact under its own name. */
  readonly foreign?: (prey: Prey) => { readonly repository: string; readonly reference: string };
}
