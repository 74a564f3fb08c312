import type { PipelineId } from '../pipeline-id.ts';
import type { PipelineFacts, Side } from '../services.ts';

/** What a check is about: a side and its pipeline. */
export interface Subject {
  readonly side: Side;
  readonly id: PipelineId;
}

/** Name and resource ID of a pipeline, for messages. */
export const namesOf = ({ name, resourceId }: PipelineId): { readonly pipeline: string; readonly id: string } => ({
  pipeline: name,
  id: resourceId,
});

/** The options of a pipeline with one more, or one fewer, as JSON for messages. */
export const optionsWith = ({ options }: PipelineFacts, option: string): string => JSON.stringify([...options, option]);

/** See {@link optionsWith}. */
export const optionsWithout = ({ options }: PipelineFacts, option: string): string =>
  JSON.stringify(options.filter((kept) => kept !== option));
