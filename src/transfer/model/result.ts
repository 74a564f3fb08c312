/** What came of it: artifacts, batches, stages, status, counts. */
import type { TransferError } from '../errors/index.ts';
import type { Artifact, Batch } from './artifact.ts';
import type { ExportedBlob } from './blob.ts';
import type { CheckResult } from './check-result.ts';
import type { Stage, StageOutcome } from './events.ts';
import type { Plan, Skipped, SkipReason } from './plan.ts';
import { formatReference } from './reference.ts';
import type { Incremental, Mode } from './request.ts';
import type { Side, Sides } from './side.ts';

/** What became of one artifact. `planned`: nothing yet, in a dry run; `present`: it was there already; `present-unverified`: so it seems, but nobody looked. */
export type ArtifactStatus =
  'planned' | 'exported' | 'handed-off' | 'verified' | 'unverified' | 'present' | 'present-unverified' | 'failed';

/** Outcomes of what was at the target before. */
export const PRESENT_STATUSES: readonly ArtifactStatus[] = ['present', 'present-unverified'];

/** One artifact at the end. */
export interface ArtifactResult {
  readonly reference: string;
  /** What left the source; null when no transfer manifest told. */
  readonly digest: string | null;
  /** Bytes; null when no transfer manifest told. */
  readonly size: number | null;
  readonly outcome: ArtifactStatus;
  readonly failure: TransferError | null;
}

/** One batch at the end. */
export interface BatchResult {
  readonly batch: Batch;
  readonly stages: readonly StageRecord[];
  readonly artifacts: readonly ArtifactResult[];
  /** The exported blob; null when there is none. */
  readonly blob: ExportedBlob | null;
  /** Bytes that moved by handoff, or into storage by an export. */
  readonly bytes: number;
  /** How the blob was handed off; null when it was not. */
  readonly handoff: HandoffFacts | null;
  /** What ended the batch early. */
  readonly failure: TransferError | null;
}

/** The result of one artifact. */
export const artifactResult = (
  artifact: Artifact,
  outcome: ArtifactStatus,
  why: TransferError | null = null,
): ArtifactResult => ({
  reference: formatReference(artifact.reference),
  digest: artifact.digest,
  size: artifact.size,
  outcome,
  failure: why,
});

/** Every artifact of a batch, with the same outcome. */
export const withOutcome = (batch: Batch, outcome: ArtifactStatus): ArtifactResult[] =>
  batch.artifacts.map((artifact) => artifactResult(artifact, outcome));

/** How a transfer blob was handed off. */
export interface HandoffFacts {
  /** `server`: the target storage fetched it by itself; `stream`: it passed through the runner. */
  readonly method: 'server' | 'stream';
  /** Bytes that moved. */
  readonly bytes: number;
  /** Bytes that an earlier attempt had brought. */
  readonly reused: number;
  readonly seconds: number;
}

/** What is gone. */
export interface CleanupResult {
  readonly side: Side;
  readonly runs: number;
  readonly blobs: number;
  readonly bytes: number;
  /** What kept it from going on. */
  readonly warnings: readonly string[];
}

type SkippedFor<Kind extends SkipReason['kind']> = Skipped & { readonly reason: Extract<SkipReason, { kind: Kind }> };

/** What a plan says stays, for one of these reasons. */
export function skippedFor<Kind extends SkipReason['kind']>(
  { planned }: Pick<TransferResult, 'planned'>,
  ...kinds: readonly Kind[]
): readonly SkippedFor<Kind>[] {
  const isOne = (item: Skipped): item is SkippedFor<Kind> => (kinds as readonly string[]).includes(item.reason.kind);
  return planned?.plan.staying.filter(isOne) ?? [];
}

/** Everything that came of a transfer. Times in milliseconds since the epoch. */
export interface TransferResult {
  readonly mode: Mode;
  readonly transferName: string;
  /** Registry or container that it came from, and went to; null when the mode does not touch that side. */
  readonly from: string | null;
  readonly to: string | null;
  /** What is known of the sides; absent: nothing. */
  readonly sides?: Sides;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Artifacts that were asked for. */
  readonly selected: number;
  readonly batches: readonly BatchResult[];
  /** What went wrong outside of batches. */
  readonly failures: readonly TransferError[];
  readonly warnings: readonly string[];
  /** What preflight has looked at. */
  readonly checks: readonly CheckResult[];
  /** What cleaning up has removed; absent: nothing was to be cleaned up. */
  readonly swept?: readonly CleanupResult[];
  /** What was planned; null in modes without a plan, and when there is none yet. */
  readonly planned: { readonly plan: Plan; readonly incremental: Incremental['kind'] } | null;
  /** Whether it stopped after the plan. */
  readonly dryRun: boolean;
  /** Of the documents that were written. */
  readonly paths: Readonly<Partial<Record<'plan' | 'manifest' | 'receipt', string | undefined>>>;
}

/** How many artifacts ended how. */
export interface Counts {
  readonly selected: number;
  readonly transferred: number;
  readonly skipped: number;
  readonly failed: number;
}

/** The verdict in one word. */
export type Status = 'succeeded' | 'partial' | 'failed' | 'nothing-to-do';

const ARRIVED: readonly ArtifactStatus[] = ['exported', 'handed-off', 'verified', 'unverified'];

/** Counts artifacts by what became of them. */
export function countOutcomes(result: TransferResult): Counts {
  const outcomes = result.batches.flatMap((batch) => batch.artifacts.map((artifact) => artifact.outcome));
  const transferred = outcomes.filter((outcome) => ARRIVED.includes(outcome)).length;
  const presentBefore = skippedFor(result, 'present').length;
  const skipped = outcomes.filter((outcome) => PRESENT_STATUSES.includes(outcome)).length + presentBefore;
  const planned = outcomes.filter((outcome) => outcome === 'planned').length;
  const selected = Math.max(result.selected, outcomes.length + presentBefore);
  return { selected, transferred, skipped, failed: selected - transferred - skipped - planned };
}

/** Every failure once, those of single artifacts last: the order in which a person should read them. */
export function allErrors(result: TransferResult): readonly TransferError[] {
  const ofBatches = result.batches.flatMap(({ failure }) => (failure === null ? [] : [failure]));
  const ofArtifacts = result.batches.flatMap(({ artifacts }) =>
    artifacts.flatMap(({ failure }) => (failure === null ? [] : [failure])),
  );
  const all = [...result.failures, ...ofBatches, ...ofArtifacts];
  return [...new Map(all.map((item) => [item.message, item])).values()];
}

/** Whether a batch has done anything but look. */
const hasMoved = ({ bytes, handoff, stages }: BatchResult): boolean =>
  bytes > 0 || handoff !== null || stages.some(({ stage, outcome }) => stage === 'import' && outcome === 'done');

/** `succeeded` and `nothing-to-do` are green, `partial` and `failed` red. A doctor who has found nothing has succeeded. */
export function statusOf(result: TransferResult): Status {
  if (result.mode === 'doctor') return allErrors(result).length > 0 ? 'failed' : 'succeeded';
  const { transferred, skipped, failed } = countOutcomes(result);
  const moved = transferred > 0 || result.batches.some(hasMoved);
  const ahead = result.dryRun && result.batches.length > 0;
  if (failed > 0 || allErrors(result).length > 0) return moved || ahead || skipped > 0 ? 'partial' : 'failed';
  return moved || ahead ? 'succeeded' : 'nothing-to-do';
}

/** A stage as it went; times in milliseconds since the epoch. */
export interface StageRecord {
  readonly stage: Stage;
  readonly outcome: StageOutcome;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** What a mode comes to; the rest of the result is the same for all. */
export interface ModeResult extends Omit<
  TransferResult,
  'mode' | 'transferName' | 'startedAt' | 'endedAt' | 'checks' | 'sides' | 'swept'
> {
  /** Where a plan or a transfer manifest that was given brings its own. */
  readonly transferName?: string;
}

/** A transfer that ended before any batch began. */
export const endedBeforeBatches = (
  failures: readonly TransferError[],
  facts: Partial<ModeResult> = {},
): ModeResult => ({
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
