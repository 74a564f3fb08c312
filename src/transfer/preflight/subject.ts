import type { PipelineId } from '../pipeline-id.ts';
import type { Side } from '../services.ts';

/** What a check is about: a side and its pipeline. */
export interface Subject {
  readonly side: Side;
  readonly id: PipelineId;
}
