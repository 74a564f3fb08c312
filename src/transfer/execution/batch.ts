/** Runs one batch through its stages, in each mode. */
import type { CopyContainers, CopyContext } from '../handoff/index.ts';
import type { Batch } from '../model/artifact.ts';
import type { ExpectedBlob, SeenBlob } from '../model/blob.ts';
import { PRESENT_STATUSES, withOutcome, type BatchResult } from '../model/result.ts';
import type { SucceededRun } from '../pipelines/pipeline-run.ts';
import { checkStage, handoffStage, importStage, type ImportTarget } from './batch-stages.ts';
import { exportStage, type ExportSource } from './export-stage.ts';
import { importAndVerify, isVerified } from './import-and-verify.ts';
import { DELETED, findImport } from './import-run.ts';
import { missingAtTarget } from './shortfall.ts';
import type { StageRunner } from './stage.ts';

/** Result of a batch, without its stages and errors. */
interface BatchOutcome extends Pick<BatchResult, 'artifacts' | 'bytes' | 'handoff'> {
  /** The part of the batch that the result is about; absent: the whole batch. */
  readonly batch?: Batch;
  /** Batches that export the rest again. */
  readonly again?: readonly Batch[];
}

/** Runs one batch through the stages of a mode. */
export type BatchWork = (batch: Batch, runner: StageRunner) => Promise<BatchOutcome>;

/** Creates the work of mode `export`: exports a batch. */
export const exportBatch =
  (source: ExportSource): BatchWork =>
  async (batch, runner) => {
    const { blob, outcome, batch: part, again, failed } = await exportStage(source, batch, runner, false);
    const isSkipped = outcome === 'skipped';
    const artifacts = [...withOutcome(part, isSkipped ? 'present' : 'exported'), ...failed];
    return { batch: part, artifacts, bytes: isSkipped ? 0 : blob.size, handoff: null, again };
  };

/** Settings of the work of mode `handoff`. */
interface HandoffWork {
  readonly containers: CopyContainers;
  /** Content of each blob that a transfer manifest records, by name. */
  readonly expected: ReadonlyMap<string, ExpectedBlob>;
  /** Names of blobs whose artifacts have arrived, according to the receipt. */
  readonly arrived: ReadonlySet<string>;
  readonly copyContext: CopyContext;
}

/** Skips the handoff of a blob whose artifacts have arrived, and that was deleted since. A blob that exists is compared. */
async function skipsArrived({ containers, arrived }: HandoffWork, batch: Batch, runner: StageRunner): Promise<boolean> {
  if (!arrived.has(batch.blob) || (await containers.target.find(batch.blob)) !== null) return false;
  await runner.runStage('handoff', containers.target.uri, ({ onNote }) => {
    onNote(`${batch.blob} was imported before, and its artifacts were verified.`);
    return Promise.resolve({ outcome: 'skipped' });
  });
  return true;
}

/** Creates the work of mode `handoff`: copies the blob of a batch. */
export const handOffBatch =
  (handoffWork: HandoffWork): BatchWork =>
  async (batch, runner) => {
    const { containers, expected, copyContext } = handoffWork;
    if (await skipsArrived(handoffWork, batch, runner)) {
      return { artifacts: withOutcome(batch, 'present'), bytes: 0, handoff: null };
    }
    const blob = { name: batch.blob, expected: expected.get(batch.blob) ?? null, sourceEtag: null };
    const { outcome, handoff } = await handoffStage(containers, blob, copyContext, runner);
    const artifacts = withOutcome(batch, outcome === 'skipped' ? 'present' : 'handed-off');
    return { artifacts, bytes: handoff?.bytes ?? 0, handoff };
  };

/** Settings of the work of mode `import`. */
interface ImportWork {
  readonly target: ImportTarget;
  /** Content of each blob that a transfer manifest records, by name. */
  readonly expected: ReadonlyMap<string, ExpectedBlob>;
  readonly copyContext: CopyContext;
}

/**
 * Hashes the blob and compares it with the transfer manifest before the import.
 * @param mayBeGone whether an import might have deleted the blob (DeleteSourceBlobOnSuccess). If so, a missing blob is
 *   accepted, and verification checks the result in the registry.
 * @returns the blob; null if it was deleted
 */
async function checkBeforeImport(
  { target, copyContext }: ImportWork,
  batch: Batch,
  expected: ExpectedBlob,
  mayBeGone: boolean,
  runner: StageRunner,
): Promise<SeenBlob | null> {
  const isGone = async (): Promise<boolean> => mayBeGone && (await target.container.find(batch.blob)) === null;
  if (await isGone()) return null;
  try {
    return await checkStage(target, batch, expected, copyContext, runner);
  } catch (error) {
    // An import in progress can delete the blob while it is read.
    if (await isGone()) return null;
    throw error;
  }
}

/**
 * Imports a blob of which only the name is known. Nothing is known of its bytes, so they aren't hashed: the blob must only
 * stay the same. Its current ETag becomes part of the batch. Its MD5 would prove nothing, because each writer can set it.
 */
async function importByName({ target }: ImportWork, named: Batch, runner: StageRunner): Promise<BatchOutcome> {
  const facts = await target.container.find(named.blob);
  const batch = { ...named, version: facts?.etag ?? DELETED };
  const artifacts = await importAndVerify(target, { batch, planned: batch }, runner, () => Promise.resolve(facts));
  return { artifacts, bytes: 0, handoff: null };
}

/** Creates the work of mode `import`: checks the blob of a batch against the manifest, imports it, and verifies it. */
export const importBatch =
  (work: ImportWork): BatchWork =>
  async (batch, runner) => {
    const { target } = work;
    const expected = work.expected.get(batch.blob) ?? null;
    if (expected === null) return importByName(work, batch, runner);
    // A triggered run might belong to this attempt or to an earlier one. Its artifacts count as transferred.
    const earlier = target.importBy === 'run' ? await findImport(target, batch) : null;
    if (earlier !== null && (await isVerified(target, batch, earlier, runner)))
      return { artifacts: withOutcome(batch, 'present'), bytes: 0, handoff: null };
    const mayBeGone = earlier !== null || target.importBy === 'trigger';
    const artifacts = await importAndVerify(target, { batch, planned: batch }, runner, () =>
      checkBeforeImport(work, batch, expected, mayBeGone, runner),
    );
    const moved = artifacts.some(({ outcome }) => !PRESENT_STATUSES.includes(outcome));
    return { artifacts, bytes: moved ? expected.size : 0, handoff: null };
  };

/** Settings of the work of mode `full`. */
interface TransferWork {
  readonly source: ExportSource;
  readonly target: ImportTarget;
  readonly copyContext: CopyContext;
}

/** Whether an earlier import brought the batch. Compares the list of its run, without verification too. */
async function hasArrived(
  target: ImportTarget,
  batch: Batch,
  earlier: SucceededRun,
  runner: StageRunner,
): Promise<boolean> {
  if (target.verify) return isVerified(target, batch, earlier, runner);
  await importStage(target, { batch, planned: batch, again: false }, runner, () => Promise.resolve(null));
  return true;
}

/** Creates the work of mode `full`: exports a batch, copies its blob, imports it, and verifies it. */
export const transferBatch =
  ({ source, target, copyContext }: TransferWork): BatchWork =>
  async (batch, runner) => {
    const earlier = await findImport(target, batch);
    if (earlier !== null && (await hasArrived(target, batch, earlier, runner))) {
      // The manifest of this attempt includes the blob of the earlier attempt if it still exists.
      const blob = await source.container.find(batch.blob);
      if (blob?.md5) runner.onExported({ ...blob, md5: blob.md5 });
      return {
        artifacts: withOutcome(batch, target.verify ? 'present' : 'present-unverified'),
        bytes: 0,
        handoff: null,
      };
    }
    const exported = await exportStage(source, batch, runner, target.verify);
    const { blob, batch: part, again, failed } = exported;
    if (part.artifacts.length === 0) return { batch: part, artifacts: failed, bytes: 0, handoff: null, again };
    const containers = { source: source.container, target: target.container };
    const toCopy = { name: part.blob, expected: blob, sourceEtag: blob.etag };
    const { handoff, seen } = await handoffStage(containers, toCopy, copyContext, runner);
    const parts = { batch: part, planned: batch };
    const results = await importAndVerify(target, parts, runner, () => Promise.resolve(seen));
    const missing = missingAtTarget(source.facts, part, results, exported.outcome === 'done');
    return {
      batch: missing.batch,
      artifacts: [...missing.results, ...failed],
      bytes: handoff?.bytes ?? 0,
      handoff,
      again: [...again, ...missing.again],
    };
  };
