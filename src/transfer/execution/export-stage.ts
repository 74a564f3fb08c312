/** The export stage of a batch: runs the export, and checks what it exported. */
import { transferError } from '../errors/index.ts';
import { runName, type Batch } from '../model/artifact.ts';
import { formatBytes } from '../model/bytes.ts';
import { formatReference } from '../model/reference.ts';
import { artifactResult, type ArtifactResult } from '../model/result.ts';
import type { ListedTag, Registry } from '../ports/registry.ts';
import type { ReadySide } from '../ports/side-services.ts';
import { runExport, type Exported } from './export-run.ts';
import { batchesAgain, findShortfall, shortfallError } from './shortfall.ts';
import type { StageRunner } from './stage.ts';

/** A source side, with the limit on its blobs. */
export interface ExportSource extends ReadySide {
  /** Maximum size of a blob, bytes. Null: no limit. */
  readonly maxBlobBytes: number | null;
}

/** Stops a blob that is larger than the limit, because a medium or gateway on the way would reject it. */
function checkSize({ maxBlobBytes }: ExportSource, name: string, size: number): void {
  if (maxBlobBytes === null || size <= maxBlobBytes) return;
  throw transferError('ACRT5007', { blob: name, size: formatBytes(size), limit: formatBytes(maxBlobBytes) });
}

/** What an export stage has exported. */
interface ExportOutcome extends Exported {
  /** The part of the batch that the blob contains. Without artifacts, the blob isn't used. */
  readonly batch: Batch;
  readonly again: readonly Batch[];
  /** Errors of artifacts that were left out, and are not exported again. */
  readonly failed: readonly ArtifactResult[];
}

/** Splits a batch into what its blob contains and what has to be exported again. */
function splitExported(
  source: ExportSource,
  batch: Batch,
  exported: Exported,
  isVerified: boolean,
): Pick<ExportOutcome, 'batch' | 'again' | 'failed'> {
  const shortfall = findShortfall(batch, exported, source.facts, isVerified);
  if (shortfall === null) return { batch, again: [], failed: [] };
  const { artifacts, reason } = shortfall;
  const again = batchesAgain(batch, shortfall, exported.outcome === 'done');
  const failed =
    again.length > 0
      ? []
      : artifacts.map((artifact) =>
          artifactResult(artifact, 'failed', shortfallError(artifact, exported.run.name, reason)),
        );
  return {
    batch: { ...batch, artifacts: batch.artifacts.filter((artifact) => !artifacts.includes(artifact)) },
    again,
    failed,
  };
}

/**
 * Exports a batch and checks the result.
 * @param isVerified whether a later stage verifies the artifacts at the target
 * @throws ACRT4001 to ACRT4009, ACRT5006, ACRT5007
 */
export async function exportStage(
  source: ExportSource,
  batch: Batch,
  runner: StageRunner,
  isVerified: boolean,
): Promise<ExportOutcome> {
  const run = runName('export', source.pipeline.resourceId, batch.blob);
  // The checks are within the limit: with fail-fast, the next export starts only after them.
  let moved: readonly ListedTag[] = [];
  const exported = await runner.limits.exports(async () => {
    const result = await runner.runStage('export', run, (stageContext) => runExport(source, batch, stageContext));
    await runner.runChecks(async () => {
      checkSize(source, batch.blob, result.blob.size);
      moved = await movedTags(source.registry, batch, result, runner);
    });
    return result;
  });
  const split =
    moved.length > 0 ? exportedAgain(batch, moved, exported) : splitExported(source, batch, exported, isVerified);
  if (split.batch.artifacts.length > 0) runner.onExported(exported.blob);
  return { ...exported, ...split };
}

/**
 * Finds tags that moved during the export and moved back, so that the blob might contain another version than the plan. The
 * registry reports only the last move of a tag. For an export of an earlier step, this is a move while its run was in progress.
 * @throws ACRT4009 if a tag has another digest right after its export
 */
async function movedTags(
  registry: Registry,
  { artifacts }: Batch,
  { outcome, run }: Exported,
  { limits }: StageRunner,
): Promise<readonly ListedTag[]> {
  const isFresh = outcome === 'done';
  const until = isFresh ? Infinity : (run.endedAt ?? -Infinity);
  const isDuringRun = (time: number): boolean => run.startedAt !== null && time > run.startedAt && time <= until;
  const checks = artifacts.map(({ reference, digest }) =>
    limits.reads(async () => {
      if (reference.kind === 'digest') return null;
      const current = await registry.tag(reference.repository, reference.tag);
      if (current?.digest === digest) return isDuringRun(current.pushedAt) ? current : null;
      if (!isFresh) return null;
      const values = { reference: formatReference(reference), expected: digest, actual: current?.digest ?? 'nothing' };
      throw transferError('ACRT4009', values);
    }),
  );
  return (await Promise.all(checks)).filter((tag) => tag !== null);
}

/**
 * Exports a whole batch again, because it isn't known which version of a tag its blob contains.
 * @throws ACRT4009 if this step has already done it
 */
function exportedAgain(
  batch: Batch,
  moved: readonly ListedTag[],
  { outcome, run }: Exported,
): Pick<ExportOutcome, 'batch' | 'again' | 'failed'> {
  const again = batchesAgain(batch, { artifacts: batch.artifacts, exact: true }, outcome === 'done');
  if (again.length > 0) return { batch: { ...batch, artifacts: [] }, again, failed: [] };
  const [tag] = moved;
  const artifact = batch.artifacts.find(({ reference }) => reference.kind === 'tag' && reference.tag === tag?.name);
  if (outcome === 'skipped' || tag === undefined || artifact === undefined) return { batch, again, failed: [] };
  const actual = `${tag.digest}, pushed at ${new Date(tag.pushedAt).toISOString()}, while run ${run.name} was in progress`;
  const values = { reference: formatReference(artifact.reference), expected: artifact.digest, actual };
  throw transferError('ACRT4009', values);
}
