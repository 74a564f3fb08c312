/** The stages of a batch after its export: handoff, check, import, verification. */
import type { TransferError } from '../errors/index.ts';
import {
  checkBlob,
  copyBlob,
  type BlobToCopy,
  type CopyContainers,
  type CopyContext,
  type CopyResult,
} from '../handoff/index.ts';
import type { Batch } from '../model/artifact.ts';
import type { ExpectedBlob, SeenBlob } from '../model/blob.ts';
import type { SucceededRun } from '../pipelines/pipeline-run.ts';
import type { StageContext } from '../ports/context.ts';
import { checkArrival, verifyArtifacts, type ArrivalSide } from '../verification/index.ts';
import {
  changedError,
  importRunName,
  runImport,
  type Imported,
  type ImportOrder,
  type ImportSide,
} from './import-run.ts';
import type { StageRunner } from './stage.ts';

/** A target side, with the settings of its imports. */
export interface ImportTarget extends ImportSide, ArrivalSide {
  readonly registry: ArrivalSide['registry'];
}

/** Copies the blob of a batch. */
export const handoffStage = (
  containers: CopyContainers,
  blob: BlobToCopy,
  copyContext: CopyContext,
  { runStage, limits, onHandedOff }: StageRunner,
): Promise<CopyResult> =>
  limits.handoffs(async () => {
    const result = await runStage('handoff', containers.target.uri, (stageContext) =>
      copyBlob(containers, blob, copyContext, stageContext),
    );
    if (result.handoff !== null) onHandedOff(result.handoff);
    return result;
  });

const percentOf = ({ done, total }: { readonly done: number; readonly total: number }): number =>
  total === 0 ? 100 : Math.floor((100 * done) / total);

/** Hashes the blob of a batch before its import, and compares it with the transfer manifest. */
export async function checkStage(
  { container }: ImportTarget,
  { blob }: Batch,
  expected: ExpectedBlob,
  copyContext: CopyContext,
  { runStage }: StageRunner,
): Promise<SeenBlob> {
  const { seen } = await runStage('check', container.uri, async (stageContext) => {
    const onProgress: StageContext['onProgress'] = (progress) => {
      const done = progress.unit === 'percent' ? progress.done : percentOf(progress);
      stageContext.onProgress({ unit: 'percent', done });
    };
    const target = { target: container, name: blob, copyContext, stageContext: { ...stageContext, onProgress } };
    return { outcome: 'done' as const, seen: await checkBlob(target, expected) };
  });
  return seen;
}

/** An import, with the artifacts that it is allowed to bring. */
interface PlannedImport extends Omit<ImportOrder, 'seen'> {
  /** The planned batch. The imported batch can lack artifacts of it that the export has left out. */
  readonly planned: Batch;
}

/**
 * Imports a batch, and compares what the import brought with the plan.
 * @param check checks the blob. It is within the limit: with fail-fast, the next import starts only after it
 */
export const importStage = (
  target: ImportTarget,
  { planned, ...order }: PlannedImport,
  { runStage, runChecks, limits, onArrival }: StageRunner,
  check: () => Promise<SeenBlob | null>,
): Promise<Imported> =>
  limits.imports(async () => {
    let seen: SeenBlob | null = null;
    await runChecks(async () => {
      seen = await check();
    });
    return runStage('import', importRunName(target.pipeline, order.batch), async (stageContext) => {
      if (target.verify) await target.baseline.record(planned);
      const imported = await runImport(target, { ...order, seen }, stageContext);
      const { importedArtifacts: entries, outcome, startedHere } = imported;
      onArrival(await checkArrival(target, planned, { entries, fresh: outcome === 'done', startedHere }, stageContext));
      if (imported.change !== null) throw changedError(target, planned.blob, imported.change);
      return imported;
    });
  });

/**
 * Verifies the artifacts of a batch.
 * @param imported `fresh`: by an import that has just ended, or that was skipped; a run: by this run of an earlier attempt,
 *   whose list hasn't been compared yet
 */
export async function verifyStage(
  target: ImportTarget,
  batch: Batch,
  { runStage, limits, onArrival }: StageRunner,
  imported: 'fresh' | SucceededRun,
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
