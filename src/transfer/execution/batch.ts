/** One batch through its stages, mode by mode. */
import { toTransferError, transferError, type TransferError } from '../errors/index.ts';
import { checkBlob, copyBlob, type CopyContext, type CopyEnds } from '../handoff/index.ts';
import { runName, type Batch } from '../model/artifact.ts';
import type { ExpectedBlob, ExportedBlob } from '../model/blob.ts';
import { formatBytes } from '../model/bytes.ts';
import { formatReference, parseReference } from '../model/reference.ts';
import {
  artifactResult,
  PRESENT_STATUSES,
  withOutcome,
  type ArtifactResult,
  type ArtifactStatus,
  type BatchResult,
} from '../model/result.ts';
import { triggeredRun } from '../pipelines/pipeline-run.ts';
import type { Registry } from '../ports/registry.ts';
import type { ReadySide } from '../ports/side-services.ts';
import type { ConcurrencyLimit } from '../resilience/concurrency-limit.ts';
import { runExport, type Exported } from './export-run.ts';
import { importRunName, runImport, type Imported, type ImportSide } from './import-run.ts';
import type { RunStage } from './stage.ts';
import { verifyArtifacts } from './verify.ts';

/** What a batch came to, without its record. */
export type BatchOutcome = Pick<BatchResult, 'artifacts' | 'bytes' | 'handoff'>;

/** How many stages of one kind, and looks at artifacts, may go on at a time, over all batches. */
export interface Limits {
  readonly looks: ConcurrencyLimit;
  readonly exports: ConcurrencyLimit;
  readonly handoffs: ConcurrencyLimit;
  readonly imports: ConcurrencyLimit;
}

/** What the stages of a batch run with. */
export interface StageRunner {
  readonly stage: RunStage;
  readonly limits: Limits;
  /** Keeps the exported blob for the transfer manifest, whatever becomes of the stages after. */
  readonly onExported: (blob: ExportedBlob) => void;
}

/** A source side, with what leaves it. */
export interface ExportSource extends ReadySide {
  /** Bytes that a blob may have; null: no limit. */
  readonly maxBlobBytes: number | null;
}

/** An import with its verification, or without. */
export interface ImportTarget extends ImportSide {
  readonly registry: Registry;
  readonly verify: boolean;
}

/** A blob that is larger than was planned must not go on: somebody's medium or gateway would refuse it. */
function checkSize({ maxBlobBytes }: ExportSource, name: string, size: number): void {
  if (maxBlobBytes === null || size <= maxBlobBytes) return;
  throw transferError('ACRT5007', { blob: name, size: formatBytes(size), limit: formatBytes(maxBlobBytes) });
}

async function exportStage(source: ExportSource, batch: Batch, carriage: StageRunner): Promise<Exported> {
  const run = runName('export', source.pipeline.resourceId, batch.blob);
  const exported = await carriage.limits.exports(() =>
    carriage.stage('export', run, (tools) => runExport(source, batch, tools)),
  );
  checkSize(source, batch.blob, exported.blob.size);
  if (exported.outcome === 'done') await checkTags(source.registry, batch, carriage);
  carriage.onExported(exported.blob);
  return exported;
}

/** A tag that moved while it was exported may have put something else into the blob than the plan says. */
async function checkTags(registry: Registry, batch: Batch, { limits }: StageRunner): Promise<void> {
  const checks = batch.artifacts.map(({ reference, digest }) =>
    limits.looks(async () => {
      if (reference.kind === 'digest') return;
      const now = await registry.manifest(reference.repository, reference.tag);
      if (now?.digest === digest) return;
      const values = { reference: formatReference(reference), expected: digest, actual: now?.digest ?? 'nothing' };
      throw transferError('ACRT4009', values);
    }),
  );
  await Promise.all(checks);
}

/** Mode `export`. */
export async function exportBatch(source: ExportSource, batch: Batch, carriage: StageRunner): Promise<BatchOutcome> {
  const { blob, outcome } = await exportStage(source, batch, carriage);
  return outcome === 'skipped'
    ? { artifacts: withOutcome(batch, 'present'), bytes: 0, handoff: null }
    : { artifacts: withOutcome(batch, 'exported'), bytes: blob.size, handoff: null };
}

/** Mode `handoff`. */
export async function handOffBatch(
  sides: CopyEnds,
  batch: Batch,
  expected: ExpectedBlob | null,
  crossing: CopyContext,
  { stage, limits }: StageRunner,
): Promise<BatchOutcome> {
  const { outcome, handoff } = await limits.handoffs(() =>
    stage('handoff', sides.target.uri, (tools) => copyBlob(sides, batch.blob, expected, crossing, tools)),
  );
  const artifacts = withOutcome(batch, outcome === 'skipped' ? 'present' : 'handed-off');
  return { artifacts, bytes: handoff?.bytes ?? 0, handoff };
}

const importStage = (
  arrival: ImportTarget,
  batch: Batch,
  again: boolean,
  { stage, limits }: StageRunner,
): Promise<Imported> =>
  limits.imports(() =>
    stage('import', importRunName(arrival.pipeline, batch), (tools) => runImport(arrival, batch, again, tools)),
  );

async function verifyStage(
  { registry }: ImportTarget,
  batch: Batch,
  { stage, limits }: StageRunner,
  fresh: boolean,
): Promise<readonly (TransferError | null)[]> {
  const { faults } = await stage('verify', registry.loginServer, async (tools) => ({
    outcome: 'done' as const,
    faults: await verifyArtifacts(batch.artifacts, { registry, limit: limits.looks, fresh }, tools),
  }));
  return faults;
}

const verdicts = (batch: Batch, faults: readonly (TransferError | null)[], good: ArtifactStatus): ArtifactResult[] =>
  batch.artifacts.map((artifact, index) => {
    const fault = faults[index] ?? null;
    return artifactResult(artifact, fault === null ? good : 'failed', fault);
  });

/** What arrived when only the blob's name was known: there is nothing to compare with, so it is looked up and recorded. */
async function resolveImported(arrival: ImportTarget, imported: Imported): Promise<ArtifactResult[]> {
  const lookups = imported.importedArtifacts.map(async (reference): Promise<ArtifactResult> => {
    const unknown = { reference, size: null, digest: null };
    const outcome = imported.outcome === 'skipped' ? 'present-unverified' : 'unverified';
    const parsed = parseReference(reference);
    if ('problem' in parsed || !arrival.verify) return { ...unknown, outcome, failure: null };
    const { repository } = parsed.value;
    const name = parsed.value.kind === 'tag' ? parsed.value.tag : parsed.value.digest;
    try {
      const found = await arrival.registry.manifest(repository, name);
      if (found !== null) return { ...unknown, digest: found.digest, outcome, failure: null };
      const values = { reference, registry: arrival.registry.loginServer, digest: 'digest unknown' };
      return { ...unknown, outcome: 'failed', failure: transferError('ACRT6002', values) };
    } catch (error) {
      return { ...unknown, outcome: 'failed', failure: toTransferError(error) };
    }
  });
  return Promise.all(lookups);
}

/**
 * Imports a blob that lies in the target container, and verifies what came of it. A finished run is not repeated, unless
 * the registry does not have what that run brought.
 */
async function importAndVerify(arrival: ImportTarget, batch: Batch, carriage: StageRunner): Promise<ArtifactResult[]> {
  const imported = await importStage(arrival, batch, false, carriage);
  if (batch.artifacts.length === 0) return resolveImported(arrival, imported);
  if (!arrival.verify) return withOutcome(batch, imported.outcome === 'skipped' ? 'present-unverified' : 'unverified');
  const faults = await verifyStage(arrival, batch, carriage, imported.outcome === 'done');
  if (imported.outcome === 'done') return verdicts(batch, faults, 'verified');
  if (faults.every((fault) => fault === null)) return verdicts(batch, faults, 'present');
  await importStage(arrival, batch, true, carriage);
  return verdicts(batch, await verifyStage(arrival, batch, carriage, true), 'verified');
}

/** Whether an earlier attempt, or the source trigger, has imported this blob: what came of it is another question. */
async function wasImported(arrival: ImportTarget, batch: Batch): Promise<boolean> {
  const run =
    arrival.importBy === 'trigger'
      ? await triggeredRun(arrival, batch)
      : await arrival.runs.find(importRunName(arrival.pipeline, batch));
  return run?.state.kind === 'succeeded';
}

/**
 * Compares the blob with the transfer manifest before anything is imported from it. An import may have deleted it
 * (DeleteSourceBlobOnSuccess): then there is nothing left to compare, and the registry tells what came of it.
 */
async function checkExpectedBlob(
  target: ReadySide,
  batch: Batch,
  expected: ExpectedBlob,
  mayBeGone: boolean,
): Promise<void> {
  if (mayBeGone && (await target.container.find(batch.blob)) === null) return;
  await checkBlob(target.container, batch.blob, expected);
}

/** Whether what an earlier attempt has imported is there entirely. Nothing is known of it without verification. */
async function isVerified(arrival: ImportTarget, batch: Batch, carriage: StageRunner): Promise<boolean> {
  if (!arrival.verify || batch.artifacts.length === 0) return false;
  return (await verifyStage(arrival, batch, carriage, false)).every((fault) => fault === null);
}

/** A batch of which only the blob's name is known, with the version that lies in the container now. */
async function versioned(target: ReadySide, batch: Batch): Promise<Batch> {
  if (batch.artifacts.length > 0) return batch;
  const facts = await target.container.find(batch.blob);
  return { ...batch, version: facts?.md5 ?? facts?.etag ?? 'gone' };
}

/** Mode `import`. */
export async function importBatch(
  target: ReadySide,
  arrival: ImportTarget,
  named: Batch,
  expected: ExpectedBlob | null,
  carriage: StageRunner,
): Promise<BatchOutcome> {
  const batch = await versioned(target, named);
  if (expected !== null) {
    // Nobody can tell whether the trigger was faster than this attempt or than one before: what it brought has arrived.
    const imported = arrival.importBy === 'run' && (await wasImported(arrival, batch));
    if (imported && (await isVerified(arrival, batch, carriage)))
      return { artifacts: withOutcome(batch, 'present'), bytes: 0, handoff: null };
    await checkExpectedBlob(target, batch, expected, imported || arrival.importBy === 'trigger');
  }
  const artifacts = await importAndVerify(arrival, batch, carriage);
  const moved = artifacts.some(({ outcome }) => !PRESENT_STATUSES.includes(outcome));
  return { artifacts, bytes: moved ? (expected?.size ?? 0) : 0, handoff: null };
}

/** Mode `full`. */
export async function transferBatch(
  source: ExportSource,
  target: ReadySide,
  arrival: ImportTarget,
  batch: Batch,
  crossing: CopyContext,
  carriage: StageRunner,
): Promise<BatchOutcome> {
  if (arrival.verify && (await wasImported(arrival, batch)) && (await isVerified(arrival, batch, carriage))) {
    // The blob of the earlier attempt belongs in the manifest of this one, as long as it is there.
    const blob = await source.container.find(batch.blob);
    if (blob?.md5) carriage.onExported({ ...blob, md5: blob.md5 });
    return { artifacts: withOutcome(batch, 'present'), bytes: 0, handoff: null };
  }
  const { blob } = await exportStage(source, batch, carriage);
  const sides = { source: source.container, target: target.container };
  const { bytes, handoff } = await handOffBatch(sides, batch, blob, crossing, carriage);
  return { artifacts: await importAndVerify(arrival, batch, carriage), bytes, handoff };
}
