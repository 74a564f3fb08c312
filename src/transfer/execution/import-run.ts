/** One import run, by a run or the trigger. */
import { transferError } from '../errors/index.ts';
import { runName, type Batch } from '../model/artifact.ts';
import type { PipelineId } from '../model/pipeline-id.ts';
import type { ImportBy } from '../model/request.ts';
import { pollIntervalSeconds, startOrAttach, triggeredRun } from '../pipelines/pipeline-run.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import type { StageContext } from '../ports/context.ts';
import type { PipelineRun, PipelineRuns } from '../ports/pipelines.ts';
import { pollRunInStage } from './stage.ts';

/** What importing needs of the target side. */
export interface ImportSide {
  readonly pipeline: PipelineId;
  readonly runs: PipelineRuns;
  readonly container: BlobContainer;
  readonly importBy: ImportBy;
}

/** An imported batch: what the service says it has imported. */
export interface Imported {
  readonly outcome: 'done' | 'skipped';
  readonly importedArtifacts: readonly string[];
}

/**
 * The name of the run that imports a batch. Where artifacts are known they are verified, so that the blob's name is enough;
 * where only the blob is known, new content under an old name must not meet the run of the old.
 */
export const importRunName = (pipeline: PipelineId, { blob, version }: Batch): string =>
  runName('import', pipeline.resourceId, version === undefined ? blob : `${blob}\n${version}`);

/** The trigger fires within 15 minutes of a blob's arrival (Microsoft: ACR Transfer); five more for the run to show. */
const TRIGGER_MINUTES = 20;

const pollImport = async (side: ImportSide, run: PipelineRun, tools: StageContext): Promise<Imported> => {
  const ended = await pollRunInStage(side.runs, run, tools);
  return { outcome: 'done', importedArtifacts: ended.state.importedArtifacts };
};

async function awaitTrigger(side: ImportSide, batch: Batch, tools: StageContext): Promise<PipelineRun> {
  const since = tools.clock.now();
  for (;;) {
    const run = await triggeredRun(side, batch);
    if (run !== null) return run;
    const elapsed = (tools.clock.now() - since) / 1000;
    if (elapsed > TRIGGER_MINUTES * 60) {
      const values = { blob: batch.blob, pipeline: side.pipeline.name, minutes: String(TRIGGER_MINUTES) };
      throw transferError('ACRT4005', values);
    }
    tools.onProgress({ unit: 'percent', done: null });
    await tools.clock.sleep(pollIntervalSeconds(elapsed, null), tools.signal);
  }
}

/**
 * Imports one transfer blob. A run of the same name that is under way is followed; one that has succeeded is not repeated
 * unless `again` says that its work did not last.
 * @throws ACRT4001 to ACRT4006
 */
export async function runImport(
  side: ImportSide,
  batch: Batch,
  again: boolean,
  tools: StageContext,
): Promise<Imported> {
  if (side.importBy === 'trigger') return pollImport(side, await awaitTrigger(side, batch, tools), tools);
  const name = importRunName(side.pipeline, batch);
  const earlier = await side.runs.find(name);
  if (earlier?.state.kind === 'succeeded' && !again) {
    return { outcome: 'skipped', importedArtifacts: earlier.state.importedArtifacts };
  }
  const run = await startOrAttach(side.runs, name, { kind: 'import', blob: batch.blob }, earlier);
  return pollImport(side, run, tools);
}
