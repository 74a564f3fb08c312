import type { Clock, PipelineRuns, Registry } from '../services.ts';
import type { BlobContainer } from '../storage.ts';
import type { Estate } from './estate.ts';
import type { SetupEvent } from './result.ts';

/** The world that a setup takes place in. */
export interface SetupWorld {
  readonly estate: Estate;
  /** Runs of the pipeline, for the trial. */
  readonly pipelineRuns: () => Promise<PipelineRuns>;
  readonly containerOf: (uri: string) => Promise<BlobContainer>;
  readonly registryOf: (loginServer: string) => Promise<Registry>;
  readonly clock: Clock;
  readonly onEvent: (event: SetupEvent) => void;
  /** Aborts when the step is to end. */
  readonly signal: AbortSignal;
}
