import { runName } from './artifact.ts';
import { PRESENT, type BatchResult, type Outcome } from './carry.ts';
import type { Failure } from './failure.ts';
import { CHECKS, type Finding } from './preflight/finding.ts';
import { handoffTotals } from './handoff/totals.ts';
import type { Plan } from './plan/plan.ts';
import { reasonText } from './plan/reason.ts';
import { formatReference } from './reference.ts';
import { reportedArtifacts, stayingFor } from './report-artifacts.ts';
import type { Incremental, Mode } from './request.ts';
import type { Provenance } from './schemas.ts';
import type { ReportDocument } from './report-schema.ts';
import type { Swept } from './leftovers/sweep.ts';
import type { Side } from './services.ts';

/** A side as a person may look for it. */
export interface SideFacts {
  /** As the input names it. */
  readonly cloud: string;
  /** See {@link SideServices.portal}. */
  readonly portal: string | null;
  /** ARM resource IDs; null where the mode does not touch them. */
  readonly registryId: string | null;
  readonly pipelineId: string | null;
  /** URI, without SAS. */
  readonly container: string | null;
  /** ARM resource ID, where preflight could find it. */
  readonly storageAccountId?: string | null;
  /** Whether runs have the names that the action gives; false when the source trigger starts them. */
  readonly startsRuns: boolean;
}

/** What is known of both; null when the mode does not touch that side. */
export type Sides = Readonly<Record<Side, SideFacts | null>>;

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
  readonly failures: readonly Failure[];
  readonly warnings: readonly string[];
  /** What preflight has looked at. */
  readonly checks: readonly Finding[];
  /** What cleaning up has removed; absent: nothing was to be cleaned up. */
  readonly swept?: readonly Swept[];
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

/** `succeeded` and `nothing-to-do` are green, `partial` and `failed` red. A doctor who has found nothing has succeeded. */
export function statusOf(result: TransferResult): Status {
  if (result.mode === 'doctor') return allFailures(result).length > 0 ? 'failed' : 'succeeded';
  const { transferred, skipped, failed } = countOutcomes(result);
  const moved = transferred > 0 || result.batches.some(hasMoved);
  const ahead = result.dryRun && result.batches.length > 0;
  if (failed > 0 || allFailures(result).length > 0) return moved || ahead || skipped > 0 ? 'partial' : 'failed';
  return moved || ahead ? 'succeeded' : 'nothing-to-do';
}

const plannedFacts = ({ planned }: TransferResult): ReportDocument['planned'] =>
  planned === null
    ? null
    : {
        bytes: planned.plan.bytes.planned,
        naiveBytes: planned.plan.bytes.naive,
        incremental: planned.incremental,
      };

const reportedCheck = (finding: Finding): ReportDocument['checks'][number] => {
  const { side, check, verdict } = finding;
  return 'failure' in finding
    ? { side, check, verdict, text: finding.failure.facts.title, failure: finding.failure.facts }
    : { side, check, verdict, text: finding.text, failure: null };
};

/** In the order in which a person should read them, source before target. */
const reportedChecks = ({ checks }: TransferResult): ReportDocument['checks'] =>
  [...checks].sort((one, other) => CHECKS.indexOf(one.check) - CHECKS.indexOf(other.check)).map(reportedCheck);

/** The sides of a transfer of which nobody could be asked. */
export const KNOWN_OF_NO_SIDE: Sides = { source: null, target: null };

function reportedSide(side: SideFacts | null): ReportDocument['sides']['source'] {
  if (side === null) return null;
  const { cloud, portal, registryId, pipelineId, container, storageAccountId = null } = side;
  return { cloud, portal, registryId, pipelineId, container, storageAccountId };
}

function runId(kind: 'export' | 'import', side: SideFacts | null, { batch, stages }: BatchResult): string | null {
  if (side?.registryId == null || side.pipelineId === null || !side.startsRuns) return null;
  if (stages.every(({ stage }) => stage !== kind)) return null;
  const order = batch.version === undefined ? batch.blob : `${batch.blob}\n${batch.version}`;
  const name = runName(kind, side.pipelineId, kind === 'import' ? order : batch.blob);
  return `${side.registryId}/pipelineRuns/${name}`;
}

function reportedBatch(
  result: BatchResult,
  { source, target }: Sides,
  dryRun: boolean,
): ReportDocument['batches'][number] {
  const { batch, bytes, artifacts, handoff, stages } = result;
  return {
    blob: batch.blob,
    bytes: dryRun ? batch.bytes : bytes,
    artifacts: artifacts.length,
    handoff,
    runs: { export: runId('export', source, result), import: runId('import', target, result) },
    stages: stages.map(({ stage, outcome, startedAt, endedAt }) => ({
      stage,
      outcome,
      startedAt: iso(startedAt),
      seconds: (endedAt - startedAt) / 1000,
    })),
  };
}

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** The report: the same facts as the job summary, for machines. */
export function reportDocument(result: TransferResult, provenance: Provenance | null): ReportDocument {
  const { paths } = result;
  const sides = result.sides ?? KNOWN_OF_NO_SIDE;
  return {
    kind: 'acr-transfer/report',
    version: 1,
    transferName: result.transferName,
    createdAt: iso(result.endedAt),
    mode: result.mode,
    status: statusOf(result),
    from: result.from,
    to: result.to,
    sides: { source: reportedSide(sides.source), target: reportedSide(sides.target) },
    startedAt: iso(result.startedAt),
    seconds: (result.endedAt - result.startedAt) / 1000,
    counts: countOutcomes(result),
    dryRun: result.dryRun,
    bytes: result.batches.reduce((sum, batch) => sum + batch.bytes, 0),
    handoff: handoffTotals(result.batches),
    planned: plannedFacts(result),
    provenance,
    batches: result.batches.map((batch) => reportedBatch(batch, sides, result.dryRun)),
    artifacts: reportedArtifacts(result),
    leftOut: stayingFor(result, 'excluded', 'gone').map(({ reference, reason }) => ({
      reference: formatReference(reference),
      why: reasonText(reason),
    })),
    checks: reportedChecks(result),
    documents: { plan: paths.plan ?? null, manifest: paths.manifest ?? null, receipt: paths.receipt ?? null },
    failures: allFailures(result).map(({ facts }) => facts),
    swept: (result.swept ?? []).map(({ side, runs, blobs, bytes }) => ({ side, runs, blobs, bytes })),
    warnings: [...result.warnings],
  };
}
