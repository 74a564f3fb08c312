/** Runs one batch through its stages, in each mode. */
import { toTransferError, transferError, type TransferError } from '../errors/index.ts';
import type { CopyContainers, CopyContext } from '../handoff/index.ts';
import type { Batch } from '../model/artifact.ts';
import type { ExpectedBlob, SeenBlob } from '../model/blob.ts';
import { parseReference } from '../model/reference.ts';
import {
  artifactResult,
  PRESENT_STATUSES,
  withOutcome,
  type ArtifactResult,
  type ArtifactStatus,
  type BatchResult,
} from '../model/result.ts';
import { triggeredRun, type SucceededRun } from '../pipelines/pipeline-run.ts';
import {
  checkStage,
  exportStage,
  handoffStage,
  importStage,
  verifyStage,
  type ExportSource,
  type ImportTarget,
  type StageRunner,
} from './batch-stages.ts';
import { importRunName, type Imported } from './import-run.ts';

/** Result of a batch, without its stages and errors. */
export type BatchOutcome = Pick<BatchResult, 'artifacts' | 'bytes' | 'handoff'>;

/** Runs one batch through the stages of a mode. */
export type BatchWork = (batch: Batch, runner: StageRunner) => Promise<BatchOutcome>;

const toResults = (
  batch: Batch,
  errors: readonly (TransferError | null)[],
  successStatus: ArtifactStatus,
): ArtifactResult[] =>
  batch.artifacts.map((artifact, index) => {
    const error = errors[index] ?? null;
    return artifactResult(artifact, error === null ? successStatus : 'failed', error);
  });

/** Looks up the imported artifacts of a batch for which only the blob's name is known. There are no digests to compare. */
async function resolveImported(target: ImportTarget, imported: Imported): Promise<ArtifactResult[]> {
  const lookups = (imported.importedArtifacts ?? []).map(async (reference): Promise<ArtifactResult> => {
    const unknown = { reference, size: null, digest: null };
    const outcome = imported.outcome === 'skipped' ? 'present-unverified' : 'unverified';
    const parsed = parseReference(reference);
    if ('problem' in parsed || !target.verify) return { ...unknown, outcome, failure: null };
    const { repository } = parsed.value;
    const name = parsed.value.kind === 'tag' ? parsed.value.tag : parsed.value.digest;
    try {
      const found = await target.registry.manifest(repository, name);
      if (found !== null) return { ...unknown, digest: found.digest, outcome, failure: null };
      const values = { reference, registry: target.registry.loginServer, digest: 'digest unknown' };
      return { ...unknown, outcome: 'failed', failure: transferError('ACRT6002', values) };
    } catch (error) {
      return { ...unknown, outcome: 'failed', failure: toTransferError(error) };
    }
  });
  return Promise.all(lookups);
}

/**
 * Imports a blob from the target container and verifies its artifacts. Doesn't repeat a run that has succeeded, unless
 * its artifacts are missing from the registry.
 */
async function importAndVerify(
  target: ImportTarget,
  batch: Batch,
  seen: SeenBlob | null,
  runner: StageRunner,
): Promise<ArtifactResult[]> {
  const imported = await importStage(target, { batch, seen, again: false }, runner);
  if (batch.artifacts.length === 0) return resolveImported(target, imported);
  if (!target.verify) return withOutcome(batch, imported.outcome === 'skipped' ? 'present-unverified' : 'unverified');
  const errors = await verifyStage(target, batch, runner, imported.outcome === 'done' ? 'fresh' : 'stale');
  if (imported.outcome === 'done') return toResults(batch, errors, 'verified');
  if (errors.every((error) => error === null)) return toResults(batch, errors, 'present');
  await importStage(target, { batch, seen, again: true }, runner);
  return toResults(batch, await verifyStage(target, batch, runner, 'fresh'), 'verified');
}

/** The run of an earlier attempt or of the source trigger that has imported this blob. Its artifacts are not checked. */
async function findImport(target: ImportTarget, batch: Batch): Promise<SucceededRun | null> {
  const run =
    target.importBy === 'trigger'
      ? await triggeredRun(target, batch)
      : await target.runs.find(importRunName(target.pipeline, batch));
  return run?.state.kind === 'succeeded' ? { ...run, state: run.state } : null;
}

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
 * @returns the blob; null if it is gone
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
 * Whether an earlier import brought all artifacts of the batch. If so, compares the list of its run too. False if
 * verification is off or the artifacts aren't known.
 */
async function isImported(
  target: ImportTarget,
  batch: Batch,
  earlier: SucceededRun | null,
  runner: StageRunner,
): Promise<boolean> {
  if (earlier === null || !target.verify || batch.artifacts.length === 0) return false;
  return (await verifyStage(target, batch, runner, earlier)).every((error) => error === null);
}

/**
 * Imports a blob of which only the name is known. Nothing is known of its bytes, so they aren't hashed: the blob must only
 * stay the same. Its current version becomes part of the batch.
 */
async function importByName({ target }: ImportWork, named: Batch, runner: StageRunner): Promise<BatchOutcome> {
  const facts = await target.container.find(named.blob);
  const batch = { ...named, version: facts?.md5 ?? facts?.etag ?? 'gone' };
  return { artifacts: await importAndVerify(target, batch, facts, runner), bytes: 0, handoff: null };
}

/** Creates the work of mode `export`: exports a batch. */
export const exportBatch =
  (source: ExportSource): BatchWork =>
  async (batch, runner) => {
    const { blob, outcome } = await exportStage(source, batch, runner);
    return outcome === 'skipped'
      ? { artifacts: withOutcome(batch, 'present'), bytes: 0, handoff: null }
      : { artifacts: withOutcome(batch, 'exported'), bytes: blob.size, handoff: null };
  };

/** Settings of the work of mode `handoff`. */
interface HandoffWork {
  readonly containers: CopyContainers;
  /** Content of each blob that a transfer manifest records, by name. */
  readonly expected: ReadonlyMap<string, ExpectedBlob>;
  readonly copyContext: CopyContext;
}

/** Creates the work of mode `handoff`: copies the blob of a batch. */
export const handOffBatch =
  ({ containers, expected, copyContext }: HandoffWork): BatchWork =>
  async (batch, runner) => {
    const expectedBlob = expected.get(batch.blob) ?? null;
    const blob = { name: batch.blob, expected: expectedBlob, sourceEtag: null };
    const { outcome, handoff } = await handoffStage(containers, blob, copyContext, runner);
    const artifacts = withOutcome(batch, outcome === 'skipped' ? 'present' : 'handed-off');
    return { artifacts, bytes: handoff?.bytes ?? 0, handoff };
  };

/** Creates the work of mode `import`: checks the blob of a batch against the manifest, imports it, and verifies it. */
export const importBatch =
  (work: ImportWork): BatchWork =>
  async (batch, runner) => {
    const { target } = work;
    const expected = work.expected.get(batch.blob) ?? null;
    if (expected === null) return importByName(work, batch, runner);
    // A triggered run might belong to this attempt or to an earlier one. Its artifacts count as transferred.
    const earlier = target.importBy === 'run' ? await findImport(target, batch) : null;
    if (await isImported(target, batch, earlier, runner))
      return { artifacts: withOutcome(batch, 'present'), bytes: 0, handoff: null };
    const mayBeGone = earlier !== null || target.importBy === 'trigger';
    const seen = await checkBeforeImport(work, batch, expected, mayBeGone, runner);
    const artifacts = await importAndVerify(target, batch, seen, runner);
    const moved = artifacts.some(({ outcome }) => !PRESENT_STATUSES.includes(outcome));
    return { artifacts, bytes: moved ? expected.size : 0, handoff: null };
  };

/** Settings of the work of mode `full`. */
interface TransferWork {
  readonly source: ExportSource;
  readonly target: ImportTarget;
  readonly copyContext: CopyContext;
}

/** Creates the work of mode `full`: exports a batch, copies its blob, imports it, and verifies it. */
export const transferBatch =
  ({ source, target, copyContext }: TransferWork): BatchWork =>
  async (batch, runner) => {
    const earlier = target.verify ? await findImport(target, batch) : null;
    if (await isImported(target, batch, earlier, runner)) {
      // The manifest of this attempt includes the blob of the earlier attempt if it still exists.
      const blob = await source.container.find(batch.blob);
      if (blob?.md5) runner.onExported({ ...blob, md5: blob.md5 });
      return { artifacts: withOutcome(batch, 'present'), bytes: 0, handoff: null };
    }
    const { blob } = await exportStage(source, batch, runner);
    const containers = { source: source.container, target: target.container };
    const toCopy = { name: batch.blob, expected: blob, sourceEtag: blob.etag };
    const { handoff, seen } = await handoffStage(containers, toCopy, copyContext, runner);
    return { artifacts: await importAndVerify(target, batch, seen, runner), bytes: handoff?.bytes ?? 0, handoff };
  };
