/** Imports one batch, by a pipeline run or the source trigger. */
import { TransferError, transferError, type TransferErrorId } from '../errors/index.ts';
import { runName, type Batch } from '../model/artifact.ts';
import type { SeenBlob } from '../model/blob.ts';
import type { PipelineId } from '../model/pipeline-id.ts';
import type { ImportBy } from '../model/request.ts';
import { succeededRun, triggeredRun, type RunListing } from '../pipelines/blob-runs.ts';
import { pollIntervalSeconds, startOrAttach, type SucceededRun } from '../pipelines/pipeline-run.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import type { StageContext } from '../ports/context.ts';
import type { PipelineFacts, PipelineRun, PipelineRuns } from '../ports/pipelines.ts';
import type { Registry } from '../ports/registry.ts';
import { pollRunInStage } from './stage.ts';

/** Services of the target side that an import needs. */
export interface ImportSide {
  readonly pipeline: PipelineId;
  readonly registry: Pick<Registry, 'loginServer'>;
  readonly facts: Pick<PipelineFacts, 'options'>;
  readonly runs: PipelineRuns;
  /** Shared by all batches. */
  readonly listing: RunListing;
  readonly container: BlobContainer;
  readonly importBy: ImportBy;
}

/** An imported batch: the artifacts that the service reports as imported. */
export interface Imported {
  readonly outcome: 'done' | 'skipped';
  /** Null if the service returned no list. */
  readonly importedArtifacts: readonly string[] | null;
  /** Whether this attempt started the run. */
  readonly startedHere: boolean;
  /** How the blob differs after the run from the blob that this process has checked; null if it doesn't. */
  readonly change: string | null;
}

/** The import of one batch. */
export interface ImportOrder {
  readonly batch: Batch;
  /** Whether to repeat a run that has succeeded, because its artifacts are missing. */
  readonly again: boolean;
  /** The blob as this process has written or hashed it; null if it was deleted. */
  readonly seen: SeenBlob | null;
}

const skipped = ({ importedArtifacts }: SucceededRun['state']): Imported => ({
  outcome: 'skipped',
  importedArtifacts,
  startedHere: false,
  change: null,
});

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

/**
 * Requires that a blob is the one that this process has checked, or that it is still deleted (ACRT5021). Another writer can
 * still replace it between this request and the service's read, which the same comparison after the run shows.
 */
async function requireUnchanged({ container }: ImportSide, blob: string, seen: SeenBlob | null): Promise<void> {
  if ((await container.find(blob))?.etag === seen?.etag) return;
  throw transferError('ACRT5021', { blob, container: container.uri });
}

/** The clocks of two services can differ by this much. */
const MAX_CLOCK_SKEW_MILLISECONDS = 60_000;

/**
 * Compares a blob after its run with the blob that this process has checked. If the pipeline deletes imported blobs, a
 * missing blob is no change. A run of an earlier attempt or of the source trigger read the blob before this process did:
 * the blob must not have been written after its start, by this process or another one.
 */
async function changeOf(
  { container, facts }: ImportSide,
  blob: string,
  seen: SeenBlob | null,
  earlier: Pick<PipelineRun, 'startedAt'> | null,
): Promise<string | null> {
  if (seen === null) return null;
  const now = await container.find(blob);
  if (now === null) return facts.options.includes('DeleteSourceBlobOnSuccess') ? null : 'it was deleted';
  if (now.etag !== seen.etag) return `its ETag is ${now.etag}, and was ${seen.etag}`;
  const startedAt = earlier?.startedAt ?? Infinity;
  return now.modifiedAt > startedAt + MAX_CLOCK_SKEW_MILLISECONDS ? 'it was written after the start of the run' : null;
}

/** The error for a blob that changed during its import (ACRT5022). */
export const changedError = ({ container, registry }: ImportSide, blob: string, actual: string): TransferError =>
  transferError('ACRT5022', { blob, container: container.uri, registry: registry.loginServer, actual });

/**
 * The error of a run that failed. If another blob took the place of the checked one, the run might have imported some of its
 * artifacts before it failed, and a failed run lists none.
 */
async function failureOf(side: ImportSide, blob: string, seen: SeenBlob | null, error: unknown): Promise<unknown> {
  if (seen === null || !(error instanceof TransferError)) return error;
  const now = await side.container.find(blob).catch(() => null);
  if (now === null || now.etag === seen.etag) return error;
  const change = `its ETag is ${now.etag}, and was ${seen.etag}; the run failed: ${error.facts.message}`;
  return changedError(side, blob, change);
}

async function pollImport(
  side: ImportSide,
  { batch, seen }: ImportOrder,
  run: PipelineRun,
  startedHere: boolean,
  stageContext: StageContext,
): Promise<Imported> {
  stageContext.onRun(run.name);
  const { state } = await pollRunInStage(side.runs, run, stageContext).catch(async (error: unknown) => {
    throw await failureOf(side, batch.blob, seen, error);
  });
  const change = await changeOf(side, batch.blob, seen, startedHere ? null : run);
  return { outcome: 'done', importedArtifacts: state.importedArtifacts, startedHere, change };
}

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
async function importByRun(side: ImportSide, order: ImportOrder, stageContext: StageContext): Promise<Imported> {
  const { batch, again, seen } = order;
  const name = importRunName(side.pipeline, batch);
  stageContext.onRun(name);
  const earlier = await side.runs.find(name);
  if (earlier?.state.kind === 'succeeded' && !again) return skipped(earlier.state);
  const isRunning = earlier?.state.kind === 'running';
  if (!isRunning) await requireUnchanged(side, batch.blob, seen);
  const run = await startOrAttach(side.runs, name, { kind: 'import', blob: batch.blob }, earlier);
  return pollImport(side, order, run, !isRunning, stageContext);
}

/** Errors of a missing permission. */
const DENIED: readonly TransferErrorId[] = ['ACRT3002', 'ACRT3028'];

/**
 * Repeats the failed run of the source trigger by a run of the action. The trigger itself starts one run for each version of a
 * blob, so waiting for another one can't help.
 */
async function repeatTriggered(
  side: ImportSide,
  order: ImportOrder,
  { name, reason }: { readonly name: string; readonly reason: string },
  stageContext: StageContext,
): Promise<Imported> {
  stageContext.onNote(`Run ${name} of the source trigger failed earlier, so the action starts a run: ${reason}`);
  try {
    return await importByRun(side, { ...order, again: false }, stageContext);
  } catch (error) {
    if (!(error instanceof TransferError) || !DENIED.includes(error.facts.id)) throw error;
    const { pipeline, container } = side;
    const values = {
      run: name,
      reason,
      blob: order.batch.blob,
      container: container.uri,
      registryId: pipeline.registryId,
    };
    throw transferError('ACRT4031', values, { cause: error, correlationId: error.facts.correlationId });
  }
}

async function importByTrigger(side: ImportSide, order: ImportOrder, stageContext: StageContext): Promise<Imported> {
  const { batch, again } = order;
  const found = await triggeredRun(await side.listing.recent(), side.container, batch);
  if (found?.state.kind === 'failed') {
    return repeatTriggered(side, order, { name: found.name, reason: found.state.reason }, stageContext);
  }
  if (found?.state.kind === 'succeeded' && again) return importByRun(side, order, stageContext);
  return pollImport(side, order, found ?? (await awaitTrigger(side, batch, stageContext)), false, stageContext);
}

/**
 * Imports one transfer blob. Attaches to a run of the same name if one is in progress. Skips the import if such a run has
 * succeeded.
 * @throws ACRT4001 to ACRT4006, ACRT4031, ACRT5021, ACRT5022
 */
export async function runImport(side: ImportSide, order: ImportOrder, stageContext: StageContext): Promise<Imported> {
  const { batch } = order;
  if (batch.version === DELETED) {
    // The name of the run contains the version of the blob, which isn't known any more.
    const earlier = succeededRun(await side.listing.recent(), side.container, batch);
    if (earlier?.state.kind === 'succeeded') {
      stageContext.onRun(earlier.name);
      return skipped(earlier.state);
    }
  }
  return side.importBy === 'trigger'
    ? importByTrigger(side, order, stageContext)
    : importByRun(side, order, stageContext);
}

const succeeded = (run: PipelineRun | null): SucceededRun | null =>
  run?.state.kind === 'succeeded' ? { ...run, state: run.state } : null;

/** The run that has imported the blob of a batch; null if there is none. Its artifacts are not checked. */
export async function findImport(side: ImportSide, batch: Batch): Promise<SucceededRun | null> {
  if (side.importBy === 'trigger') {
    const triggered = await triggeredRun(await side.listing.recent(), side.container, batch);
    if (triggered === null || triggered.state.kind === 'succeeded') return succeeded(triggered);
  }
  return succeeded(await side.runs.find(importRunName(side.pipeline, batch)));
}
