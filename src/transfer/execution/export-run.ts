/** Exports one batch by a pipeline run. */
import { transferError } from '../errors/index.ts';
import { runName, type Batch } from '../model/artifact.ts';
import type { BlobFacts, ExportedBlob } from '../model/blob.ts';
import type { PipelineId } from '../model/pipeline-id.ts';
import { formatReference } from '../model/reference.ts';
import { startOrAttach, type SucceededRun } from '../pipelines/pipeline-run.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import type { StageContext } from '../ports/context.ts';
import type { PipelineRuns } from '../ports/pipelines.ts';
import { pollRunInStage } from './stage.ts';

/** Services of the source side that an export needs. */
interface ExportSide {
  readonly pipeline: PipelineId;
  readonly runs: PipelineRuns;
  readonly container: BlobContainer;
}

/** An exported batch: its run, and the blob as storage describes it. */
export interface Exported {
  readonly outcome: 'done' | 'skipped';
  readonly blob: ExportedBlob;
  readonly run: SucceededRun;
}

/** Requires the blob's MD5, without which its integrity can't be checked (ACRT5006). */
function withMd5(side: ExportSide, name: string, blob: BlobFacts): ExportedBlob {
  if (blob.md5 === null) throw transferError('ACRT5006', { blob: name, container: side.container.uri });
  return { ...blob, md5: blob.md5 };
}

/**
 * Exports one batch to its transfer blob. Attaches to a run of the same name if one is in progress. Skips the export if
 * such a run has succeeded and its blob still exists.
 * @throws ACRT4001 to ACRT4007, ACRT5006
 */
export async function runExport(side: ExportSide, batch: Batch, stageContext: StageContext): Promise<Exported> {
  const name = runName('export', side.pipeline.resourceId, batch.blob);
  stageContext.onRun(name);
  const earlier = await side.runs.find(name);
  if (earlier?.state.kind === 'succeeded') {
    const before = await side.container.find(batch.blob);
    const run = { ...earlier, state: earlier.state };
    if (before !== null) return { outcome: 'skipped', blob: withMd5(side, batch.blob, before), run };
  }
  const artifacts = batch.artifacts.map(({ reference }) => formatReference(reference));
  const run = await startOrAttach(side.runs, name, { kind: 'export', blob: batch.blob, artifacts }, earlier);
  const ended = await pollRunInStage(side.runs, run, stageContext);
  const blob = await side.container.find(batch.blob);
  if (blob === null) throw transferError('ACRT4007', { run: name, blob: batch.blob });
  return { outcome: 'done', blob: withMd5(side, batch.blob, blob), run: ended };
}
