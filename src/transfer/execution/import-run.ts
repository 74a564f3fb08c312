/** Imports one batch, by a pipeline run or the source trigger. */
import { TransferError, transferError, type TransferErrorId } from '../errors/index.ts';
import { runName, type Batch } from '../model/artifact.ts';
import type { PipelineId } from '../model/pipeline-id.ts';
import type { ImportBy } from '../model/request.ts';
import { succeededRun, triggeredRun, type RunListing } from '../pipelines/blob-runs.ts';
import { pollIntervalSeconds, startOrAttach } from '../pipelines/pipeline-run.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import type { StageContext } from '../ports/context.ts';
import type { PipelineRun, PipelineRuns } from '../ports/pipelines.ts';
import { pollRunInStage } from './stage.ts';

/** Services of the target side that an import needs. */
export interface ImportSide {
  readonly pipeline: PipelineId;
  readonly runs: PipelineRuns;
  /** Shared by all batches. */
  readonly listing: RunListing;
  readonly container: BlobContainer;
  readonly importBy: ImportBy;
}

/** An imported batch: the artifacts that the service reports as imported. */
export interface Imported {
  readonly outcome: 'done' | 'skipped';
  readonly importedArtifacts: readonly string[];
}

/** {@link Batch.version} of a blob that doesn't exist. */
export const DELETED = 'deleted';

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
  stageContext.onRun(run.name);
  const ended = await pollRunInStage(side.runs, run, stageContext);
  return { outcome: 'done', importedArtifacts: ended.state.importedArtifacts };
};

async function awaitTrigger(side: ImportSide, batch: Batch, stageContext: StageContext): Promise<PipelineRun> {
  const { clock, signal, onProgress } = stageContext;
  const since = clock.now();
  for (;;) {
    const elapsed = (clock.now() - since) / 1000;
    if (elapsed > TRIGGER_MINUTES * 60) {
      const values = { blob: batch.blob, pipeline: side.pipeline.name, minutes: String(TRIGGER_MINUTES) };
      throw transferError('ACRT4005', values);
    }
    onProgress({ unit: 'percent', done: null });
    const listed = await side.listing.next(pollIntervalSeconds(elapsed, null), signal);
    const run = await triggeredRun(listed, side.container, batch);
    if (run !== null) return run;
  }
}

/** Imports a batch by a run of its own name. */
async function importByRun(
  side: ImportSide,
  batch: Batch,
  again: boolean,
  stageContext: StageContext,
): Promise<Imported> {
  const name = importRunName(side.pipeline, batch);
  stageContext.onRun(name);
  const earlier = await side.runs.find(name);
  if (earlier?.state.kind === 'succeeded' && !again) {
    return { outcome: 'skipped', importedArtifacts: earlier.state.importedArtifacts };
  }
  const run = await startOrAttach(side.runs, name, { kind: 'import', blob: batch.blob }, earlier);
  return pollImport(side, run, stageContext);
}

/** Errors of a missing permission. */
const DENIED: readonly TransferErrorId[] = ['ACRT3002', 'ACRT3028'];

/**
 * Repeats the failed run of the source trigger by a run of the action. The trigger itself starts one run for each version of a
 * blob, so waiting for another one can't help.
 */
async function repeatTriggered(
  side: ImportSide,
  batch: Batch,
  { name, reason }: { readonly name: string; readonly reason: string },
  stageContext: StageContext,
): Promise<Imported> {
  stageContext.onNote(`Run ${name} of the source trigger failed earlier, so the action starts a run: ${reason}`);
  try {
    return await importByRun(side, batch, false, stageContext);
  } catch (error) {
    if (!(error instanceof TransferError) || !DENIED.includes(error.facts.id)) throw error;
    const { pipeline, container } = side;
    const values = { run: name, reason, blob: batch.blob, container: container.uri, registryId: pipeline.registryId };
    throw transferError('ACRT4031', values, { cause: error, correlationId: error.facts.correlationId });
  }
}

async function importByTrigger(
  side: ImportSide,
  batch: Batch,
  again: boolean,
  stageContext: StageContext,
): Promise<Imported> {
  const found = await triggeredRun(await side.listing.recent(), side.container, batch);
  if (found?.state.kind === 'failed') {
    return repeatTriggered(side, batch, { name: found.name, reason: found.state.reason }, stageContext);
  }
  if (found?.state.kind === 'succeeded' && again) return importByRun(side, batch, again, stageContext);
  return pollImport(side, found ?? (await awaitTrigger(side, batch, stageContext)), stageContext);
}

/**
 * Imports one transfer blob. Attaches to a run of the same name if one is in progress. Skips the import if such a run has
 * succeeded.
 * @param again whether to repeat a run that has succeeded, because its artifacts are missing
 * @throws ACRT4001 to ACRT4006, ACRT4031
 */
export async function runImport(
  side: ImportSide,
  batch: Batch,
  again: boolean,
  stageContext: StageContext,
): Promise<Imported> {
  if (batch.version === DELETED) {
    // The name of the run contains the version of the blob, which isn't known any more.
    const earlier = succeededRun(await side.listing.recent(), side.container, batch);
    if (earlier?.state.kind === 'succeeded') {
      stageContext.onRun(earlier.name);
      return { outcome: 'skipped', importedArtifacts: earlier.state.importedArtifacts };
    }
  }
  if (side.importBy === 'trigger') return importByTrigger(side, batch, again, stageContext);
  return importByRun(side, batch, again, stageContext);
}

/** Whether a run has imported the blob of a batch. Its artifacts are not checked. */
export async function wasImported(side: ImportSide, batch: Batch): Promise<boolean> {
  if (side.importBy === 'trigger') {
    const triggered = await triggeredRun(await side.listing.recent(), side.container, batch);
    if (triggered?.state.kind === 'succeeded') return true;
    if (triggered === null) return false;
  }
  const own = await side.runs.find(importRunName(side.pipeline, batch));
  return own?.state.kind === 'succeeded';
}
