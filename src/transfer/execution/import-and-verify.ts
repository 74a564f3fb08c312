/** Imports the blob of a batch and verifies its artifacts. */
import { toTransferError, transferError, type TransferError } from '../errors/index.ts';
import type { Batch } from '../model/artifact.ts';
import type { SeenBlob } from '../model/blob.ts';
import { formatReference, parseReference } from '../model/reference.ts';
import { artifactResult, withOutcome, type ArtifactResult, type ArtifactStatus } from '../model/result.ts';
import type { SucceededRun } from '../pipelines/pipeline-run.ts';
import type { Manifest } from '../ports/registry.ts';
import { untilReplicated } from '../verification/index.ts';
import { importStage, verifyStage, type ImportTarget } from './batch-stages.ts';
import type { Imported } from './import-run.ts';
import { NOT_IN_BLOB } from './shortfall.ts';
import type { StageRunner } from './stage.ts';

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
    if (!parsed.ok || !target.verify) return { ...unknown, outcome, failure: null };
    const { repository } = parsed.value;
    const name = parsed.value.kind === 'tag' ? parsed.value.tag : parsed.value.digest;
    try {
      const lookUp = (): Promise<Manifest | null> => limits.reads(() => target.registry.manifest(repository, name));
      const found =
        imported.outcome === 'done'
          ? await untilReplicated(lookUp, (manifest) => manifest !== null, clock)
          : await lookUp();
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
export async function importAndVerify(
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

/**
 * Whether an earlier import brought all artifacts of the batch. If so, compares the list of its run too. False if
 * verification is off or the artifacts aren't known.
 */
export async function isVerified(
  target: ImportTarget,
  batch: Batch,
  earlier: SucceededRun,
  runner: StageRunner,
): Promise<boolean> {
  if (!target.verify || batch.artifacts.length === 0) return false;
  return (await verifyStage(target, batch, runner, earlier)).every((error) => error === null);
}
