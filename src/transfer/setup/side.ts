import type { PipelineId } from '../pipeline-id.ts';
import type { Side } from '../services.ts';

/** Exports leave the source, imports arrive at the target. */
export const sideOf = ({ kind }: Pick<PipelineId, 'kind'>): Side => (kind === 'export' ? 'source' : 'target');
