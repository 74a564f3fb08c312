/** Imports one batch, by a pipeline run or the source trigger. */
import { transferError } from '../errors/index.ts';
import { runName, type Batch } from '../model/artifact.ts';
import type { PipelineId } from '../model/pipeline-id.ts';
import type { ImportBy } from '../model/request.ts';
import { pollIntervalSeconds, startOrAttach, triggeredRun } from '../pipelines/pipeline-run.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import type { StageContext } from '../ports/context.ts';
import type { PipelineRun, PipelineRuns } from '../ports/pipelines.ts';
import { pollRunInStage } from './stage.ts';

/** Services of the target side that an import needs. */
export interface ImportSide {
  readonly pipeline: PipelineId;
  readonly runs: PipelineRuns;
  readonly container: BlobContainer;
  readonly importBy: ImportBy;
}

/** An imported batch: the artifacts that the service reports as imported. */
export interface Imported {
  readonly outcome: 'done' | 'skipped';
  readonly importedArtifacts: readonly string[];
}

/**
 * Name of the run that imports a batch. If the artifacts are known, the blob's name is enough, because they are verified.
 * If only the blob is known, the name also contains the blob's version, so that new content under an old name doesn't
 * match the run of the old content.
 */
export const importRunName = (pipeline: PipelineId, { blob, version }: Batch): string =>
  runName('import', pipeline.resourceId, version === undefined ? blob : `${blob}\n${version}`);

/** The trigger starts within 15 minutes of a blob's arrival (Microsoft: ACR Transfer). The run gets five more to appear. */
const TRIGGER_MINUTES = 20;

const pollImport = async (side: ImportSide, run: PipelineRun, stageContext: StageContext): Promise<Imported> => {
  const ended = await pollRunInStage(side.runs, run, stageContext);
  return { outcome: 'done', importedArtifacts: ended.state.importedArtifacts };
};

async function awaitTrigger(side: ImportSide, batch: Batch, stageContext: StageContext): Promise<PipelineRun> {
  const since = stageContext.clock.now();
  for (;;) {
    const run = await triggeredRun(side, batch);
    if (run !== null) return run;
    const elapsed = (stageContext.clock.now() - since) / 1000;
    if (elapsed > TRIGGER_MINUTES * 60) {
      const values = { blob: batch.blob, pipeline: side.pipeline.name, minutes: String(TRIGGER_MINUTES) };
      throw transferError('ACRT4005', values);
    }
    stageContext.onProgress({ unit: 'percent', done: null });
    await stageContext.clock.sleep(pollIntervalSeconds(elapsed, null), stageContext.signal);
  }
}

/**
 * Imports one transfer blob. Attaches to a run of the same name if one is in progress. Skips the import if such a run has
 * succeeded.
 * @param again whether to repeat a run that has succeeded, because its artifacts are missing
 * @throws ACRT4001 to ACRT4006
 */
export async function runImport(
  side: ImportSide,
  batch: Batch,
  again: boolean,
  stageContext: StageContext,
): Promise<Imported> {
  if (side.importBy === 'trigger') return pollImport(side, await awaitTrigger(side, batch, stageContext), stageContext);
  const name = importRunName(side.pipeline, batch);
  const earlier = await side.runs.find(name);
  if (earlier?.state.kind === 'succeeded' && !again) {
    return { outcome: 'skipped', importedArtifacts: earlier.state.importedArtifacts };
  }
  const run = await startOrAttach(side.runs, name, { kind: 'import', blob: batch.blob }, earlier);
  return pollImport(side, run, stageContext);
}
