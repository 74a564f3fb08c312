/** Runs one batch through its stages, in each mode. */
import { toTransferError, transferError, type TransferError } from '../errors/index.ts';
import type { CopyContainers, CopyContext } from '../handoff/index.ts';
import type { Batch } from '../model/artifact.ts';
import type { ExpectedBlob, SeenBlob } from '../model/blob.ts';
import { formatReference, parseReference } from '../model/reference.ts';
import {
  artifactResult,
  PRESENT_STATUSES,
  withOutcome,
  type ArtifactResult,
  type ArtifactStatus,
  type BatchResult,
} from '../model/result.ts';
import type { SucceededRun } from '../pipelines/pipeline-run.ts';
import type { Manifest } from '../ports/registry.ts';
import { checkStage, handoffStage, importStage, verifyStage, type ImportTarget } from './batch-stages.ts';
import { exportStage, type ExportSource } from './export-stage.ts';
import { DELETED, findImport, type Imported } from './import-run.ts';
import { missingAtTarget, NOT_IN_BLOB } from './shortfall.ts';
import type { StageRunner } from './stage.ts';
import { untilReplicated } from './verify.ts';

/** Result of a batch, without its stages and errors. */
export interface BatchOutcome extends Pick<BatchResult, 'artifacts' | 'bytes' | 'handoff'> {
  /** The part of the batch that the result is about; absent: the whole batch. */
  readonly batch?: Batch;
  /** Batches that export the rest again. */
  readonly again?: readonly Batch[];
}

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
async function resolveImported(
  target: ImportTarget,
  imported: Imported,
  { limits, clock }: StageRunner,
): Promise<ArtifactResult[]> {
  const lookups = (imported.importedArtifacts ?? []).map(async (reference): Promise<ArtifactResult> => {
    const unknown = { reference, size: null, digest: null };
    const outcome = imported.outcome === 'skipped' ? 'present-unverified' : 'unverified';
    const parsed = parseReference(reference);
    if ('problem' in parsed || !target.verify) return { ...unknown, outcome, failure: null };
    const { repository } = parsed.value;
    const name = parsed.value.kind === 'tag' ? parsed.value.tag : parsed.value.digest;
    try {
      const lookUp = (): Promise<Manifest | null> => limits.reads(() => target.registry.manifest(repository, name));
      const found = imported.outcome === 'done' ? await untilReplicated(lookUp, clock) : await lookUp();
      if (found !== null) return { ...unknown, digest: found.digest, outcome, failure: null };
      const values = { reference, registry: target.registry.loginServer, digest: 'digest unknown' };
      return { ...unknown, outcome: 'failed', failure: transferError('ACRT6002', values) };
    } catch (error) {
      return { ...unknown, outcome: 'failed', failure: toTransferError(error) };
    }
  });
  return Promise.all(lookups);
}

/** Replaces the errors of artifacts that only a deleted blob could bring. */
const withDeletedBlob = (
  { container, registry }: ImportTarget,
  { blob, artifacts }: Batch,
  errors: readonly (TransferError | null)[],
): readonly (TransferError | null)[] =>
  errors.map((error, index) => {
    const artifact = artifacts[index];
    if (error === null || artifact === undefined || !NOT_IN_BLOB.includes(error.facts.id)) return error;
    const reference = formatReference(artifact.reference);
    return transferError('ACRT4032', { reference, registry: registry.loginServer, blob, container: container.uri });
  });

/**
 * Imports a blob from the target container and verifies its artifacts. Doesn't repeat a run that has succeeded, unless
 * its artifacts are missing from the registry.
 */
async function importAndVerify(
  target: ImportTarget,
  { batch, planned }: { readonly batch: Batch; readonly planned: Batch },
  runner: StageRunner,
  check: () => Promise<SeenBlob | null>,
): Promise<ArtifactResult[]> {
  let checked: Promise<SeenBlob | null> | null = null;
  const checkOnce = (): Promise<SeenBlob | null> => (checked ??= check());
  const imported = await importStage(target, { batch, planned, again: false }, runner, checkOnce);
  if (batch.artifacts.length === 0) return resolveImported(target, imported, runner);
  if (!target.verify) return withOutcome(batch, imported.outcome === 'skipped' ? 'present-unverified' : 'unverified');
  // An earlier attempt's run can have ended a moment ago, so replicas can be behind after it too. Otherwise it would be repeated.
  const errors = await verifyStage(target, batch, runner, 'fresh');
  if (imported.outcome === 'done') return toResults(batch, errors, 'verified');
  if (errors.every((error) => error === null)) return toResults(batch, errors, 'present');
  // Without the blob, the import can't be repeated. The artifacts that are at the target stay verified.
  if ((await target.container.find(batch.blob)) === null) {
    return toResults(batch, withDeletedBlob(target, batch, errors), 'present');
  }
  await importStage(target, { batch, planned, again: true }, runner, checkOnce);
  return toResults(batch, await verifyStage(target, batch, runner, 'fresh'), 'verified');
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
async function isVerified(
  target: ImportTarget,
  batch: Batch,
  earlier: SucceededRun,
  runner: StageRunner,
): Promise<boolean> {
  if (!target.verify || batch.artifacts.length === 0) return false;
  return (await verifyStage(target, batch, runner, earlier)).every((error) => error === null);
}

/**
 * Imports a blob of which only the name is known. Nothing is known of its bytes, so they aren't hashed: the blob must only
 * stay the same. Its current version becomes part of the batch.
 */
async function importByName({ target }: ImportWork, named: Batch, runner: StageRunner): Promise<BatchOutcome> {
  const facts = await target.container.find(named.blob);
  const batch = { ...named, version: facts?.md5 ?? facts?.etag ?? DELETED };
  const artifacts = await importAndVerify(target, { batch, planned: batch }, runner, () => Promise.resolve(facts));
  return { artifacts, bytes: 0, handoff: null };
}

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

/** Creates the work of mode `full`: exports a batch, copies its blob, imports it, and verifies it. */
export const transferBatch =
  ({ source, target, copyContext }: TransferWork): BatchWork =>
  async (batch, runner) => {
    const earlier = await findImport(target, batch);
    if (earlier !== null && (!target.verify || (await isVerified(target, batch, earlier, runner)))) {
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
