/** The export stage of a batch: runs the export, and checks what it exported. */
import { transferError } from '../errors/index.ts';
import { runName, type Batch } from '../model/artifact.ts';
import { formatBytes } from '../model/bytes.ts';
import { formatReference } from '../model/reference.ts';
import { artifactResult, type ArtifactResult } from '../model/result.ts';
import type { Registry } from '../ports/registry.ts';
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
export interface ExportOutcome extends Exported {
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
  const exported = await runner.limits.exports(async () => {
    const result = await runner.runStage('export', run, (stageContext) => runExport(source, batch, stageContext));
    await runner.runChecks(async () => {
      checkSize(source, batch.blob, result.blob.size);
      if (result.outcome === 'done') await checkTags(source.registry, batch, runner);
    });
    return result;
  });
  const split = splitExported(source, batch, exported, isVerified);
  if (split.batch.artifacts.length > 0) runner.onExported(exported.blob);
  return { ...exported, ...split };
}

/** Checks that no tag moved during the export. Otherwise the blob might contain other artifacts than the plan. */
async function checkTags(registry: Registry, batch: Batch, { limits }: StageRunner): Promise<void> {
  const checks = batch.artifacts.map(({ reference, digest }) =>
    limits.reads(async () => {
      if (reference.kind === 'digest') return;
      const current = await registry.manifest(reference.repository, reference.tag);
      if (current?.digest === digest) return;
      const values = { reference: formatReference(reference), expected: digest, actual: current?.digest ?? 'nothing' };
      throw transferError('ACRT4009', values);
    }),
  );
  await Promise.all(checks);
}
