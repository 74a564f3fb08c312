/** Results: artifacts, batches, stages, status, counts. */
import type { TransferError } from '../errors/index.ts';
import type { Artifact, Batch } from './artifact.ts';
import type { ExportedBlob } from './blob.ts';
import type { CheckResult } from './check-result.ts';
import type { Stage, StageOutcome } from './events.ts';
import type { Plan, Skipped, SkipReason } from './plan.ts';
import { formatReference } from './reference.ts';
import type { Incremental, Mode } from './request.ts';
import type { Side, Sides } from './side.ts';

/**
 * Status of an artifact. `planned`: not transferred, because of a dry run; `present`: up to date at the target before the
 * transfer; `present-unverified`: the import skipped it as up to date, without verification.
 */
export type ArtifactStatus =
  'planned' | 'exported' | 'handed-off' | 'verified' | 'unverified' | 'present' | 'present-unverified' | 'failed';

/** Statuses of artifacts that were at the target before the transfer. */
export const PRESENT_STATUSES: readonly ArtifactStatus[] = ['present', 'present-unverified'];

/** The result of one artifact. */
export interface ArtifactResult {
  readonly reference: string;
  /** Digest at the source; null without a transfer manifest. */
  readonly digest: string | null;
  /** Bytes; null without a transfer manifest. */
  readonly size: number | null;
  readonly outcome: ArtifactStatus;
  readonly failure: TransferError | null;
}

/** An artifact that an import brought into the target registry, although the batch doesn't contain it. */
export interface ExtraArtifact {
  /** `repository:tag` or `repository@sha256:…`; only the digest if the service reports no repository. */
  readonly reference: string;
  /** Digest at the target; null if it is unknown. */
  readonly digest: string | null;
  /** Command that removes it; null if it is unknown what to remove. */
  readonly removeCommand: string | null;
}

/** Result of the comparison of what an import brought with what was planned. */
export interface ArrivalCheck {
  readonly extra: readonly ExtraArtifact[];
  readonly failures: readonly TransferError[];
  /** Findings that don't fail the step. */
  readonly warnings: readonly TransferError[];
}

/** The result of one batch. */
export interface BatchResult {
  readonly batch: Batch;
  readonly stages: readonly StageRecord[];
  readonly artifacts: readonly ArtifactResult[];
  /** The exported blob; null if there is none. */
  readonly blob: ExportedBlob | null;
  /** Bytes that the handoff copied, or that the export wrote. */
  readonly bytes: number;
  /** Facts of the handoff; null if the blob was not handed off. */
  readonly handoff: HandoffFacts | null;
  /** The error that ended the batch early. */
  readonly failure: TransferError | null;
  /** Comparison of what its imports brought with what was planned; absent if nothing was compared. */
  readonly arrival?: ArrivalCheck;
}

/** Creates the result of one artifact. */
export const artifactResult = (
  artifact: Artifact,
  outcome: ArtifactStatus,
  failure: TransferError | null = null,
): ArtifactResult => ({
  reference: formatReference(artifact.reference),
  digest: artifact.digest,
  size: artifact.size,
  outcome,
  failure,
});

/** Results with the same status for all artifacts of a batch. */
export const withOutcome = (batch: Batch, outcome: ArtifactStatus): ArtifactResult[] =>
  batch.artifacts.map((artifact) => artifactResult(artifact, outcome));

/** Facts of the handoff of one transfer blob. */
export interface HandoffFacts {
  /** `server`: the target storage copied the blob; `stream`: the blob was copied through the runner. */
  readonly method: 'server' | 'stream';
  /** Bytes that were copied. */
  readonly bytes: number;
  /** Bytes that an earlier attempt copied. */
  readonly reused: number;
  readonly seconds: number;
}

/** Result of the cleanup of one side: removed runs and blobs. */
export interface CleanupResult {
  readonly side: Side;
  readonly runs: number;
  readonly blobs: number;
  readonly bytes: number;
  /** Errors that ended the cleanup early. */
  readonly warnings: readonly string[];
}

type SkippedFor<Kind extends SkipReason['kind']> = Skipped & { readonly reason: Extract<SkipReason, { kind: Kind }> };

/** The artifacts that a plan skips for one of these reasons. */
export function skippedFor<Kind extends SkipReason['kind']>(
  { planned }: Pick<TransferResult, 'planned'>,
  ...kinds: readonly Kind[]
): readonly SkippedFor<Kind>[] {
  const isOne = (item: Skipped): item is SkippedFor<Kind> => (kinds as readonly string[]).includes(item.reason.kind);
  return planned?.plan.skipped.filter(isOne) ?? [];
}

/** The result of a transfer. Times in milliseconds since the epoch. */
export interface TransferResult {
  readonly mode: Mode;
  readonly transferName: string;
  /** Source and target registry or container; null if the mode doesn't use that side. */
  readonly from: string | null;
  readonly to: string | null;
  /** Facts of the sides, if known. */
  readonly sides?: Sides;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Number of selected artifacts. */
  readonly selected: number;
  readonly batches: readonly BatchResult[];
  /** Errors outside of batches. */
  readonly failures: readonly TransferError[];
  readonly warnings: readonly string[];
  /** Results of preflight. */
  readonly checks: readonly CheckResult[];
  /** Results of the cleanup; absent if there was none. */
  readonly cleanup?: readonly CleanupResult[];
  /** The plan; null in modes without a plan, and before planning is finished. */
  readonly planned: { readonly plan: Plan; readonly incremental: Incremental['kind'] } | null;
  /** SHA-256 digest of the text of the plan; absent without a plan. */
  readonly planDigest?: string;
  /** Whether the transfer stopped after planning. */
  readonly dryRun: boolean;
  /** Paths of the documents on the runner. */
  readonly paths: Readonly<Partial<Record<'plan' | 'manifest' | 'receipt', string | undefined>>>;
}

/** Numbers of artifacts by status. */
export interface Counts {
  readonly selected: number;
  readonly transferred: number;
  readonly skipped: number;
  readonly failed: number;
}

/** Overall status. */
export type Status = 'succeeded' | 'partial' | 'failed' | 'nothing-to-do';

const ARRIVED: readonly ArtifactStatus[] = ['exported', 'handed-off', 'verified', 'unverified'];

/** Counts artifacts by status. */
export function countOutcomes(result: TransferResult): Counts {
  const outcomes = result.batches.flatMap((batch) => batch.artifacts.map((artifact) => artifact.outcome));
  const transferred = outcomes.filter((outcome) => ARRIVED.includes(outcome)).length;
  const presentBefore = skippedFor(result, 'present').length;
  const skipped = outcomes.filter((outcome) => PRESENT_STATUSES.includes(outcome)).length + presentBefore;
  const planned = outcomes.filter((outcome) => outcome === 'planned').length;
  const selected = Math.max(result.selected, outcomes.length + presentBefore);
  return { selected, transferred, skipped, failed: selected - transferred - skipped - planned };
}

/** All errors without duplicates, in reading order: errors of single artifacts last. */
export function allErrors(result: TransferResult): readonly TransferError[] {
  const ofBatches = result.batches.flatMap(({ failure }) => (failure === null ? [] : [failure]));
  const ofArtifacts = result.batches.flatMap(({ artifacts }) =>
    artifacts.flatMap(({ failure }) => (failure === null ? [] : [failure])),
  );
  const ofArrivals = result.batches.flatMap(({ arrival }) => arrival?.failures ?? []);
  const all = [...result.failures, ...ofArrivals, ...ofBatches, ...ofArtifacts];
  return [...new Map(all.map((item) => [item.message, item])).values()];
}

/** Artifacts that imports brought although they aren't planned, each with its blob. */
export const extraArtifacts = (batches: readonly BatchResult[]): (ExtraArtifact & { readonly blob: string })[] =>
  batches.flatMap(({ batch, arrival }) => (arrival?.extra ?? []).map((item) => ({ ...item, blob: batch.blob })));

/** The warnings about what imports brought, with their ids and remedies. */
export const arrivalWarnings = ({ batches }: Pick<TransferResult, 'batches'>): readonly string[] =>
  batches.flatMap(({ arrival }) =>
    (arrival?.warnings ?? []).map(({ facts }) => `${facts.id} ${facts.title}. ${facts.message}\n${facts.remedy}`),
  );

/** Whether a batch transferred anything. */
const hasMoved = ({ bytes, handoff, stages }: BatchResult): boolean =>
  bytes > 0 || handoff !== null || stages.some(({ stage, outcome }) => stage === 'import' && outcome === 'done');

/** The step succeeds for `succeeded` and `nothing-to-do`, and fails for `partial` and `failed`. A doctor without errors succeeds. */
export function statusOf(result: TransferResult): Status {
  if (result.mode === 'doctor') return allErrors(result).length > 0 ? 'failed' : 'succeeded';
  const { transferred, skipped, failed } = countOutcomes(result);
  const moved = transferred > 0 || result.batches.some(hasMoved);
  const ahead = result.dryRun && result.batches.length > 0;
  if (failed > 0 || allErrors(result).length > 0) return moved || ahead || skipped > 0 ? 'partial' : 'failed';
  return moved || ahead ? 'succeeded' : 'nothing-to-do';
}

/** The outcome of a stage. Times in milliseconds since the epoch. */
export interface StageRecord {
  readonly stage: Stage;
  /** Name of its pipeline run; absent if it has none. */
  readonly run?: string;
  readonly outcome: StageOutcome;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** The part of the result that depends on the mode. */
export interface ModeResult extends Omit<
  TransferResult,
  'mode' | 'transferName' | 'startedAt' | 'endedAt' | 'checks' | 'sides' | 'cleanup'
> {
  /** Set if an approved plan or a transfer manifest defines the name. */
  readonly transferName?: string;
}

/** Result of a mode that ended before its last step, with what it has done until then. */
export const endedEarly = (failures: readonly TransferError[], facts: Partial<ModeResult> = {}): ModeResult => ({
  from: null,
  to: null,
  selected: 0,
  planned: null,
  dryRun: false,
  batches: [],
  warnings: [],
  paths: {},
  ...facts,
  failures,
});
