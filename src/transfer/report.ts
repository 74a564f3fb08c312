import { PRESENT, type BatchResult, type Outcome } from './carry.ts';
import type { Failure } from './failure.ts';
import { handoffTotals } from './handoff/totals.ts';
import type { Staying } from './plan/considered.ts';
import type { Plan } from './plan/plan.ts';
import { reasonText } from './plan/reason.ts';
import { formatReference } from './reference.ts';
import type { Mode } from './request.ts';
import type { PlanDocument, Provenance, ReportDocument } from './schemas.ts';

/** Everything that came of a transfer. Times in milliseconds since the epoch. */
export interface TransferResult {
  readonly mode: Mode;
  readonly transferName: string;
  /** Registry or container that it came from, and went to; null when the mode does not touch that side. */
  readonly from: string | null;
  readonly to: string | null;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Artifacts that were asked for. */
  readonly selected: number;
  readonly batches: readonly BatchResult[];
  /** What went wrong outside of batches. */
  readonly failures: readonly Failure[];
  readonly warnings: readonly string[];
  /** What was planned; null in modes without a plan, and when there is none yet. */
  readonly planned: { readonly plan: Plan; readonly incremental: PlanDocument['incremental'] } | null;
  /** Whether it stopped after the plan. */
  readonly dryRun: boolean;
  /** Of the documents that were written. */
  readonly paths: Readonly<Partial<Record<'plan' | 'manifest' | 'receipt', string | undefined>>>;
}

/** How many artifacts ended how. */
export type Counts = ReportDocument['counts'];

/** The verdict in one word. */
export type Status = ReportDocument['status'];

const ARRIVED: readonly Outcome[] = ['exported', 'handed-off', 'verified', 'unverified'];

/** Counts artifacts by what became of them. */
export function countOutcomes(result: TransferResult): Counts {
  const outcomes = result.batches.flatMap((batch) => batch.artifacts.map((artifact) => artifact.outcome));
  const transferred = outcomes.filter((outcome) => ARRIVED.includes(outcome)).length;
  const presentBefore = stayingFor(result, 'present').length;
  const skipped = outcomes.filter((outcome) => PRESENT.includes(outcome)).length + presentBefore;
  const planned = outcomes.filter((outcome) => outcome === 'planned').length;
  const selected = Math.max(result.selected, outcomes.length + presentBefore);
  return { selected, transferred, skipped, failed: selected - transferred - skipped - planned };
}

function stayingFor({ planned }: TransferResult, ...kinds: readonly Staying['reason']['kind'][]): readonly Staying[] {
  return planned?.plan.staying.filter(({ reason }) => kinds.includes(reason.kind)) ?? [];
}

/** Every failure once, those of single artifacts last: the order in which a person should read them. */
export function allFailures(result: TransferResult): readonly Failure[] {
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

/** `succeeded` and `nothing-to-do` are green, `partial` and `failed` red. */
export function statusOf(result: TransferResult): Status {
  const { transferred, skipped, failed } = countOutcomes(result);
  const moved = transferred > 0 || result.batches.some(hasMoved);
  const ahead = result.dryRun && result.batches.length > 0;
  if (failed > 0 || allFailures(result).length > 0) return moved || ahead || skipped > 0 ? 'partial' : 'failed';
  return moved || ahead ? 'succeeded' : 'nothing-to-do';
}

type ReportArtifact = ReportDocument['artifacts'][number];

const identity = (repository: string, digest: string): string => `${repository}@${digest}`;

/** Names of what is planned or there, by repository and digest; the first of several. */
function namesOf({ artifacts, staying }: Plan): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { reference, digest } of [...staying, ...artifacts]) {
    names.set(identity(reference.repository, digest), formatReference(reference));
  }
  return names;
}

/** Why each artifact of a plan travels; of a referrer also what it refers to. */
function reasonsOf(plan: Plan): ReadonlyMap<string, string> {
  const names = namesOf(plan);
  return new Map(
    plan.artifacts.map(({ reference, subject, reason }) => {
      const of = subject === null ? undefined : names.get(identity(reference.repository, subject));
      return [formatReference(reference), `${reasonText(reason)}${of === undefined ? '' : `, refers to ${of}`}`];
    }),
  );
}

/** What was carried, or would be, with why. */
function carriedArtifacts({ batches, planned }: TransferResult): readonly ReportArtifact[] {
  const reasons = planned === null ? new Map<string, string>() : reasonsOf(planned.plan);
  return batches.flatMap(({ batch, artifacts, failure }) =>
    artifacts.map((item) => ({
      reference: item.reference,
      digest: item.digest,
      size: item.size,
      outcome: item.outcome,
      why: reasons.get(item.reference) ?? null,
      failure: (item.failure ?? failure)?.facts.id ?? null,
      blob: batch.blob,
    })),
  );
}

/** What was asked for and stays: it is there already, or cannot travel. */
const stayingArtifacts = (result: TransferResult): readonly ReportArtifact[] =>
  stayingFor(result, 'present', 'blocked', 'subject-stays').map(({ reference, digest, size, reason }) => ({
    reference: formatReference(reference),
    digest,
    size,
    outcome: reason.kind === 'present' ? 'present' : 'failed',
    why: reasonText(reason),
    failure: reason.kind === 'blocked' ? reason.failure.facts.id : null,
    blob: null,
  }));

const plannedFacts = ({ planned }: TransferResult): ReportDocument['planned'] =>
  planned === null
    ? null
    : {
        bytes: planned.plan.bytes.planned,
        naiveBytes: planned.plan.bytes.naive,
        incremental: planned.incremental,
      };

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** The report: the same facts as the job summary, for machines. */
export function reportDocument(result: TransferResult, provenance: Provenance | null): ReportDocument {
  return {
    kind: 'acr-transfer/report',
    version: 1,
    transferName: result.transferName,
    createdAt: iso(result.endedAt),
    mode: result.mode,
    status: statusOf(result),
    from: result.from,
    to: result.to,
    seconds: (result.endedAt - result.startedAt) / 1000,
    counts: countOutcomes(result),
    dryRun: result.dryRun,
    bytes: result.batches.reduce((sum, batch) => sum + batch.bytes, 0),
    handoff: handoffTotals(result.batches),
    planned: plannedFacts(result),
    provenance,
    batches: result.batches.map(({ batch, bytes, artifacts, handoff, stages }) => ({
      blob: batch.blob,
      bytes: result.dryRun ? batch.bytes : bytes,
      artifacts: artifacts.length,
      handoff,
      stages: stages.map(({ stage, outcome, startedAt, endedAt }) => ({
        stage,
        outcome,
        startedAt: iso(startedAt),
        seconds: (endedAt - startedAt) / 1000,
      })),
    })),
    artifacts: [...carriedArtifacts(result), ...stayingArtifacts(result)],
    leftOut: stayingFor(result, 'excluded', 'gone').map(({ reference, reason }) => ({
      reference: formatReference(reference),
      why: reasonText(reason),
    })),
    failures: allFailures(result).map(({ facts }) => facts),
    warnings: [...result.warnings],
  };
}
