import { transferError } from '../errors/index.ts';
import { runName, type Batch } from '../model/artifact.ts';
import type { BlobFacts, ExportedBlob } from '../model/blob.ts';
import type { PipelineId } from '../model/pipeline-id.ts';
import { formatReference } from '../model/reference.ts';
import { startOrAttach } from '../pipelines/pipeline-run.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import type { StageContext } from '../ports/context.ts';
import type { PipelineRuns } from '../ports/pipelines.ts';
import { pollRunInStage } from './stage.ts';

/** What exporting needs of the source side. */
export interface ExportSide {
  readonly pipeline: PipelineId;
  readonly runs: PipelineRuns;
  readonly container: BlobContainer;
}

/** An exported batch: the blob as storage has it. */
export interface Exported {
  readonly outcome: 'done' | 'skipped';
  readonly blob: ExportedBlob;
}

/** The blob with its MD5, without which nobody can tell whether it is whole (ACRT5006). */
function withMd5(side: ExportSide, name: string, blob: BlobFacts): ExportedBlob {
  if (blob.md5 === null) throw transferError('ACRT5006', { blob: name, container: side.container.uri });
  return { ...blob, md5: blob.md5 };
}

/**
 * Exports one batch into its transfer blob. A run of the same name that is under way is followed instead of started
 * again; one that has succeeded, and whose blob is still there, is not repeated.
 * @throws ACRT4001 to ACRT4007, ACRT5006
 */
export async function runExport(side: ExportSide, batch: Batch, tools: StageContext): Promise<Exported> {
  const name = runName('export', side.pipeline.resourceId, batch.blob);
  const earlier = await side.runs.find(name);
  const before = earlier?.state.kind === 'succeeded' ? await side.container.find(batch.blob) : null;
  if (before !== null) return { outcome: 'skipped', blob: withMd5(side, batch.blob, before) };
  const artifacts = batch.artifacts.map(({ reference }) => formatReference(reference));
  const run = await startOrAttach(side.runs, name, { kind: 'export', blob: batch.blob, artifacts }, earlier);
  await pollRunInStage(side.runs, run, tools);
  const blob = await side.container.find(batch.blob);
  if (blob === null) throw transferError('ACRT4007', { run: name, blob: batch.blob });
  return { outcome: 'done', blob: withMd5(side, batch.blob, blob) };
}
