/** The stages of a batch: export, handoff, import, verification. */
import { transferError, type TransferError } from '../errors/index.ts';
import {
  checkBlob,
  copyBlob,
  type BlobToCopy,
  type CopyContainers,
  type CopyContext,
  type CopyResult,
} from '../handoff/index.ts';
import { runName, type Batch } from '../model/artifact.ts';
import type { ExpectedBlob, ExportedBlob, SeenBlob } from '../model/blob.ts';
import { formatBytes } from '../model/bytes.ts';
import { formatReference } from '../model/reference.ts';
import type { ArrivalCheck } from '../model/result.ts';
import type { SucceededRun } from '../pipelines/pipeline-run.ts';
import type { StageContext } from '../ports/context.ts';
import type { Registry } from '../ports/registry.ts';
import type { ReadySide } from '../ports/side-services.ts';
import type { ConcurrencyLimit } from '../resilience/concurrency-limit.ts';
import { checkArrival } from './arrival.ts';
import { runExport, type Exported } from './export-run.ts';
import type { ArrivalSide } from './extra-artifacts.ts';
import { importRunName, runImport, type Imported, type ImportOrder, type ImportSide } from './import-run.ts';
import type { RunStage } from './stage.ts';
import { verifyArtifacts } from './verify.ts';

/** Limits on concurrent stages of each kind, and on concurrent reads of artifacts, over all batches. */
export interface Limits {
  readonly reads: ConcurrencyLimit;
  readonly exports: ConcurrencyLimit;
  readonly handoffs: ConcurrencyLimit;
  readonly imports: ConcurrencyLimit;
}

/** Runs the stages of a batch. */
export interface StageRunner {
  readonly runStage: RunStage;
  readonly limits: Limits;
  /** Records the exported blob for the transfer manifest, even if a later stage fails. */
  readonly onExported: (blob: ExportedBlob) => void;
  /** Records what an import brought, even if a later stage fails. */
  readonly onArrival: (arrival: ArrivalCheck) => void;
}

/** A source side, with the limit on its blobs. */
export interface ExportSource extends ReadySide {
  /** Maximum size of a blob, bytes. Null: no limit. */
  readonly maxBlobBytes: number | null;
}

/** A target side, with the settings of its imports. */
export interface ImportTarget extends ImportSide, ArrivalSide {}

/** Stops a blob that is larger than the limit, because a medium or gateway on the way would reject it. */
function checkSize({ maxBlobBytes }: ExportSource, name: string, size: number): void {
  if (maxBlobBytes === null || size <= maxBlobBytes) return;
  throw transferError('ACRT5007', { blob: name, size: formatBytes(size), limit: formatBytes(maxBlobBytes) });
}

/** Exports a batch, and checks the size of its blob and its tags. */
export async function exportStage(source: ExportSource, batch: Batch, runner: StageRunner): Promise<Exported> {
  const run = runName('export', source.pipeline.resourceId, batch.blob);
  const exported = await runner.limits.exports(() =>
    runner.runStage('export', run, (stageContext) => runExport(source, batch, stageContext)),
  );
  checkSize(source, batch.blob, exported.blob.size);
  if (exported.outcome === 'done') await checkTags(source.registry, batch, runner);
  runner.onExported(exported.blob);
  return exported;
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

/** Copies the blob of a batch. */
export const handoffStage = (
  containers: CopyContainers,
  blob: BlobToCopy,
  copyContext: CopyContext,
  { runStage, limits }: StageRunner,
): Promise<CopyResult> =>
  limits.handoffs(() =>
    runStage('handoff', containers.target.uri, (stageContext) => copyBlob(containers, blob, copyContext, stageContext)),
  );

const percentOf = ({ done, total }: { readonly done: number; readonly total: number }): number =>
  total === 0 ? 100 : Math.floor((100 * done) / total);

/** Hashes the blob of a batch before its import, and compares it with the transfer manifest. */
export async function checkStage(
  { container }: ImportTarget,
  { blob }: Batch,
  expected: ExpectedBlob,
  copyContext: CopyContext,
  { runStage, limits }: StageRunner,
): Promise<SeenBlob> {
  const { seen } = await limits.handoffs(() =>
    runStage('check', container.uri, async (stageContext) => {
      const onProgress: StageContext['onProgress'] = (progress) => {
        const done = progress.unit === 'percent' ? progress.done : percentOf(progress);
        stageContext.onProgress({ unit: 'percent', done });
      };
      const target = { target: container, name: blob, copyContext, stageContext: { ...stageContext, onProgress } };
      return { outcome: 'done' as const, seen: await checkBlob(target, expected) };
    }),
  );
  return seen;
}

const changedError = ({ container, registry }: ImportTarget, { blob }: Batch, actual: string): TransferError =>
  transferError('ACRT5022', { blob, container: container.uri, registry: registry.loginServer, actual });

/** Imports a batch, and compares what the import brought with the batch. */
export const importStage = (
  target: ImportTarget,
  order: ImportOrder,
  { runStage, limits, onArrival }: StageRunner,
): Promise<Imported> =>
  limits.imports(() =>
    runStage('import', importRunName(target.pipeline, order.batch), async (stageContext) => {
      const { batch } = order;
      if (target.verify) await target.baseline.record(batch);
      const imported = await runImport(target, order, stageContext);
      const { importedArtifacts: entries, outcome, startedHere } = imported;
      onArrival(await checkArrival(target, batch, { entries, fresh: outcome === 'done', startedHere }, stageContext));
      if (imported.change !== null) throw changedError(target, batch, imported.change);
      return imported;
    }),
  );

/**
 * Verifies the artifacts of a batch.
 * @param imported `fresh` and `stale`: by an import of this attempt that has just ended or was skipped; a run: by this run
 *   of an earlier attempt, whose list hasn't been compared yet
 */
export async function verifyStage(
  target: ImportTarget,
  batch: Batch,
  { runStage, limits, onArrival }: StageRunner,
  imported: 'fresh' | 'stale' | SucceededRun,
): Promise<readonly (TransferError | null)[]> {
  const { registry } = target;
  const fresh = imported === 'fresh';
  const { errors } = await runStage('verify', registry.loginServer, async (stageContext) => {
    const checked = await verifyArtifacts(batch.artifacts, { registry, limit: limits.reads, fresh }, stageContext);
    if (typeof imported !== 'string' && checked.every((error) => error === null)) {
      const entries = imported.state.importedArtifacts;
      onArrival(await checkArrival(target, batch, { entries, fresh: false, startedHere: false }, stageContext));
    }
    return { outcome: 'done' as const, errors: checked };
  });
  return errors;
}
