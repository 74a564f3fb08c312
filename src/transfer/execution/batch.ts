/** Runs one batch through its stages, in each mode. */
import { toTransferError, transferError, type TransferError } from '../errors/index.ts';
import { checkBlob, copyBlob, type CopyContainers, type CopyContext, type CopyResult } from '../handoff/index.ts';
import type { Batch } from '../model/artifact.ts';
import type { ExpectedBlob } from '../model/blob.ts';
import { formatReference, parseReference } from '../model/reference.ts';
import {
  artifactResult,
  PRESENT_STATUSES,
  withOutcome,
  type ArtifactResult,
  type ArtifactStatus,
  type BatchResult,
} from '../model/result.ts';
import type { Manifest, Registry } from '../ports/registry.ts';
import { exportStage, type ExportSource } from './export-stage.ts';
import { DELETED, importRunName, runImport, wasImported, type Imported, type ImportSide } from './import-run.ts';
import { missingAtTarget, NOT_IN_BLOB } from './shortfall.ts';
import type { StageRunner } from './stage.ts';
import { untilReplicated, verifyArtifacts } from './verify.ts';

/** Result of a batch, without its stages and errors. */
export interface BatchOutcome extends Pick<BatchResult, 'artifacts' | 'bytes' | 'handoff'> {
  /** The part of the batch that the result is about; absent: the whole batch. */
  readonly batch?: Batch;
  /** Batches that export the rest again. */
  readonly again?: readonly Batch[];
}

/** Runs one batch through the stages of a mode. */
export type BatchWork = (batch: Batch, runner: StageRunner) => Promise<BatchOutcome>;

/** A target side, with the settings of its imports. */
export interface ImportTarget extends ImportSide {
  readonly registry: Registry;
  readonly verify: boolean;
}

const handoffStage = (
  containers: CopyContainers,
  batch: Batch,
  expected: ExpectedBlob | null,
  copyContext: CopyContext,
  { runStage, limits, onHandedOff }: StageRunner,
): Promise<CopyResult> =>
  limits.handoffs(async () => {
    const result = await runStage('handoff', containers.target.uri, (stageContext) =>
      copyBlob(containers, batch.blob, expected, copyContext, stageContext),
    );
    if (result.handoff !== null) onHandedOff(result.handoff);
    return result;
  });

const importStage = (
  target: ImportTarget,
  batch: Batch,
  again: boolean,
  { runStage, runChecks, limits }: StageRunner,
  check: () => Promise<void> = () => Promise.resolve(),
): Promise<Imported> =>
  // The check is within the limit: with fail-fast, the next import starts only after it.
  limits.imports(async () => {
    await runChecks(check);
    return runStage('import', importRunName(target.pipeline, batch), (stageContext) =>
      runImport(target, batch, again, stageContext),
    );
  });

async function verifyStage(
  { registry }: ImportTarget,
  batch: Batch,
  { runStage, limits }: StageRunner,
  fresh: boolean,
): Promise<readonly (TransferError | null)[]> {
  const { errors } = await runStage('verify', registry.loginServer, async (stageContext) => ({
    outcome: 'done' as const,
    errors: await verifyArtifacts(batch.artifacts, { registry, limit: limits.reads, fresh }, stageContext),
  }));
  return errors;
}

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
  const lookups = imported.importedArtifacts.map(async (reference): Promise<ArtifactResult> => {
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
  batch: Batch,
  runner: StageRunner,
  check?: () => Promise<void>,
): Promise<ArtifactResult[]> {
  const imported = await importStage(target, batch, false, runner, check);
  if (batch.artifacts.length === 0) return resolveImported(target, imported, runner);
  if (!target.verify) return withOutcome(batch, imported.outcome === 'skipped' ? 'present-unverified' : 'unverified');
  const errors = await verifyStage(target, batch, runner, imported.outcome === 'done');
  if (imported.outcome === 'done') return toResults(batch, errors, 'verified');
  if (errors.every((error) => error === null)) return toResults(batch, errors, 'present');
  // Without the blob, the import can't be repeated. The artifacts that are at the target stay verified.
  if ((await target.container.find(batch.blob)) === null) {
    return toResults(batch, withDeletedBlob(target, batch, errors), 'present');
  }
  await importStage(target, batch, true, runner);
  return toResults(batch, await verifyStage(target, batch, runner, true), 'verified');
}

/**
 * Compares the blob with the transfer manifest before the import.
 * @param mayBeGone whether an import might have deleted the blob (DeleteSourceBlobOnSuccess). If so, a missing blob is
 *   accepted, and verification checks the result in the registry.
 */
async function checkExpectedBlob(
  target: ImportTarget,
  batch: Batch,
  expected: ExpectedBlob,
  mayBeGone: boolean,
): Promise<void> {
  if (mayBeGone && (await target.container.find(batch.blob)) === null) return;
  await checkBlob(target.container, batch.blob, expected);
}

/** Whether all artifacts of the batch are at the target. False if verification is off or the artifacts aren't known. */
async function isVerified(target: ImportTarget, batch: Batch, runner: StageRunner): Promise<boolean> {
  if (!target.verify || batch.artifacts.length === 0) return false;
  return (await verifyStage(target, batch, runner, false)).every((error) => error === null);
}

/** Adds the current version of the blob to a batch for which only the blob's name is known. */
async function withVersion(target: ImportTarget, batch: Batch): Promise<Batch> {
  if (batch.artifacts.length > 0) return batch;
  const facts = await target.container.find(batch.blob);
  return { ...batch, version: facts?.md5 ?? facts?.etag ?? DELETED };
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
    const expectedBlob = expected.get(batch.blob) ?? null;
    const { outcome, handoff } = await handoffStage(containers, batch, expectedBlob, copyContext, runner);
    const artifacts = withOutcome(batch, outcome === 'skipped' ? 'present' : 'handed-off');
    return { artifacts, bytes: handoff?.bytes ?? 0, handoff };
  };

/** Settings of the work of mode `import`. */
interface ImportWork {
  readonly target: ImportTarget;
  /** Content of each blob that a transfer manifest records, by name. */
  readonly expected: ReadonlyMap<string, ExpectedBlob>;
}

/** Creates the work of mode `import`: checks the blob of a batch against the manifest, imports it, and verifies it. */
export const importBatch =
  ({ target, expected }: ImportWork): BatchWork =>
  async (planned, runner) => {
    const batch = await withVersion(target, planned);
    const expectedBlob = expected.get(batch.blob) ?? null;
    let mayBeGone = false;
    if (expectedBlob !== null) {
      // A triggered run might belong to this attempt or to an earlier one. Its artifacts count as transferred.
      const imported = target.importBy === 'run' && (await wasImported(target, batch));
      if (imported && (await isVerified(target, batch, runner)))
        return { artifacts: withOutcome(batch, 'present'), bytes: 0, handoff: null };
      mayBeGone = imported || target.importBy === 'trigger';
    }
    const check = async (): Promise<void> => {
      if (expectedBlob !== null) await checkExpectedBlob(target, batch, expectedBlob, mayBeGone);
    };
    const artifacts = await importAndVerify(target, batch, runner, check);
    const moved = artifacts.some(({ outcome }) => !PRESENT_STATUSES.includes(outcome));
    return { artifacts, bytes: moved ? (expectedBlob?.size ?? 0) : 0, handoff: null };
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
    const isDone = async (): Promise<boolean> => !target.verify || isVerified(target, batch, runner);
    if ((await wasImported(target, batch)) && (await isDone())) {
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
    const { handoff } = await handoffStage(containers, part, blob, copyContext, runner);
    const results = await importAndVerify(target, part, runner);
    const missing = missingAtTarget(source.facts, part, results, exported.outcome === 'done');
    return {
      batch: missing.batch,
      artifacts: [...missing.results, ...failed],
      bytes: handoff?.bytes ?? 0,
      handoff,
      again: [...again, ...missing.again],
    };
  };
