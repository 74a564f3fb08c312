/**
 * What the blob of an export lacks. A pipeline with the option ContinueOnErrors leaves out what it can't export, and the run
 * succeeds nevertheless. How the service reports this isn't documented, so each place is checked where it could show.
 */
import { transferError, type TransferError, type TransferErrorId } from '../errors/index.ts';
import { batchAgain, type Artifact, type Batch } from '../model/artifact.ts';
import type { BlobFacts } from '../model/blob.ts';
import { CONTINUE_ON_ERRORS } from '../model/pipeline-id.ts';
import { formatReference } from '../model/reference.ts';
import type { ArtifactResult } from '../model/result.ts';
import type { PipelineFacts } from '../ports/pipelines.ts';
import type { SucceededRun } from '../pipelines/pipeline-run.ts';

/** The artifacts that a blob lacks, or might lack. */
interface Shortfall {
  readonly artifacts: readonly Artifact[];
  /** Whether exactly these artifacts are missing. Otherwise the blob isn't used, because its content is unknown. */
  readonly exact: boolean;
  readonly reason: string;
}

/** An ended export. */
interface EndedExport {
  readonly run: Pick<SucceededRun, 'name' | 'state'>;
  readonly blob: Pick<BlobFacts, 'size'>;
}

function reportedShortfall({ artifacts }: Batch, reason: string): Shortfall {
  const named = artifacts.filter(({ reference }) => reason.includes(formatReference(reference)));
  return named.length > 0 ? { artifacts: named, exact: true, reason } : { artifacts, exact: false, reason };
}

/** The artifacts that a list of the run doesn't contain; none if the list is about something else. */
function unlisted({ artifacts }: Batch, listed: readonly string[]): readonly Artifact[] {
  const names = new Set(listed);
  const isListed = ({ reference, digest }: Artifact): boolean =>
    names.has(formatReference(reference)) || names.has(`${reference.repository}@${digest}`);
  return artifacts.some(isListed) ? artifacts.filter((artifact) => !isListed(artifact)) : [];
}

/** What the estimate of a blob counts besides content: headers and padding of a tar, and documents about the artifacts. Bytes. */
const OVERHEAD = { batch: 64 * 1024, artifact: 16 * 1024 } as const;
/** Part of the estimated content that a complete blob has at least. The format of the blob isn't documented. */
const MIN_PART = 0.95;

/**
 * Whether a blob is smaller than the content that it must have. A blob with one artifact isn't checked, because a run that
 * exports nothing fails.
 */
const isTooSmall = ({ artifacts, bytes }: Batch, size: number): boolean =>
  artifacts.length > 1 && size < MIN_PART * bytes - OVERHEAD.batch - OVERHEAD.artifact * artifacts.length;

/**
 * Finds what the blob of an export lacks; null if nothing shows that it lacks anything.
 * @param isVerified whether a later stage verifies the artifacts at the target. If so, the size of the blob isn't needed.
 */
export function findShortfall(
  batch: Batch,
  { run, blob }: EndedExport,
  { options }: Pick<PipelineFacts, 'options'>,
  isVerified: boolean,
): Shortfall | null {
  const { errorMessage, importedArtifacts } = run.state;
  if (errorMessage !== undefined) return reportedShortfall(batch, errorMessage);
  if (!options.includes(CONTINUE_ON_ERRORS)) return null;
  const missing = unlisted(batch, importedArtifacts ?? []);
  if (missing.length > 0) return { artifacts: missing, exact: true, reason: 'the run does not list it' };
  if (isVerified || !isTooSmall(batch, blob.size)) return null;
  const reason = `the blob has ${blob.size} bytes, and the artifacts of the batch have ${batch.bytes}`;
  return { artifacts: batch.artifacts, exact: false, reason };
}

/** Exports of the same artifacts. More would fail in the same way. */
const MAX_ATTEMPTS = 10;

/**
 * The batches that export missing artifacts again. None if this step has already done it, because a further export would have
 * the same result. A later step tries again.
 * @param isFresh whether this step exported the blob
 */
export function batchesAgain(
  batch: Batch,
  { artifacts, exact }: Pick<Shortfall, 'artifacts' | 'exact'>,
  isFresh: boolean,
): readonly Batch[] {
  const { attempt = 0 } = batch;
  if ((attempt > 0 && isFresh) || attempt >= MAX_ATTEMPTS) return [];
  // A run with one artifact fails if it can't export it. So it shows which artifacts are the cause.
  return exact ? [batchAgain(batch, artifacts)] : artifacts.map((artifact) => batchAgain(batch, [artifact]));
}

/** The error of an artifact that an export left out (ACRT4030). */
export const shortfallError = ({ reference }: Artifact, run: string, reason: string): TransferError =>
  transferError('ACRT4030', { reference: formatReference(reference), run, reason });

/** Errors of artifacts that the blob of a batch doesn't contain, or in another version. */
export const NOT_IN_BLOB: readonly TransferErrorId[] = ['ACRT6001', 'ACRT6002', 'ACRT6003'];

/** What arrived at the target, and what is exported again. */
interface ArrivedPart {
  readonly batch: Batch;
  readonly results: readonly ArtifactResult[];
  readonly again: readonly Batch[];
}

/**
 * Splits a batch after its import. Artifacts that are not at the target are exported again if the blob might lack them. It
 * can't lack any if this step exported it, through a pipeline that doesn't continue on errors.
 * @param results of the artifacts, in order
 * @param isFresh whether this step exported the blob
 */
export function missingAtTarget(
  { options }: Pick<PipelineFacts, 'options'>,
  batch: Batch,
  results: readonly ArtifactResult[],
  isFresh: boolean,
): ArrivedPart {
  const isMissing = results.map(({ failure }) => failure !== null && NOT_IN_BLOB.includes(failure.facts.id));
  const artifacts = batch.artifacts.filter((_, index) => isMissing[index]);
  const mightBeDropped = artifacts.length > 0 && (!isFresh || options.includes(CONTINUE_ON_ERRORS));
  const again = mightBeDropped ? batchesAgain(batch, { artifacts, exact: true }, isFresh) : [];
  if (again.length === 0) return { batch, results, again };
  const arrived = batch.artifacts.filter((_, index) => !isMissing[index]);
  return { batch: { ...batch, artifacts: arrived }, results: results.filter((_, index) => !isMissing[index]), again };
}
