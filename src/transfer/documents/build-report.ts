/** Builds the report from the result of a transfer. */
import { CHECK_NAMES, type CheckResult } from '../model/check-result.ts';
import { plannedArtifacts, reasonText, type Plan } from '../model/plan.ts';
import { formatReference } from '../model/reference.ts';
import {
  allErrors,
  countOutcomes,
  extraArtifacts,
  skippedFor,
  statusOf,
  type BatchResult,
  type HandoffFacts,
  type TransferResult,
} from '../model/result.ts';
import { UNKNOWN_SIDES, type SideFacts, type Sides } from '../model/side.ts';
import type { Provenance } from '../ports/context.ts';
import type { ReportDocument } from './report-schema.ts';

type Interval = Pick<BatchResult['stages'][number], 'startedAt' | 'endedAt'>;

/** Milliseconds that at least one of the intervals covers. */
function unionDuration(intervals: readonly Interval[]): number {
  let sum = 0;
  let until = -Infinity;
  for (const { startedAt, endedAt } of intervals.toSorted((a, b) => a.startedAt - b.startedAt)) {
    sum += Math.max(0, endedAt - Math.max(startedAt, until));
    until = Math.max(until, endedAt);
  }
  return sum;
}

const handedOff = (batches: readonly BatchResult[]): readonly HandoffFacts[] =>
  batches.flatMap(({ handoff }) => (handoff === null ? [] : [handoff]));

/**
 * Totals of all handoffs of a transfer; null if there was none. Handoffs overlap, with exports in between: the seconds count
 * the time in which at least one blob was copied.
 */
function handoffTotals(batches: readonly BatchResult[]): ReportDocument['handoff'] {
  const facts = handedOff(batches);
  if (facts.length === 0) return null;
  const stages = batches
    .filter(({ handoff }) => handoff !== null)
    .flatMap((batch) => batch.stages.filter(({ stage }) => stage === 'handoff'));
  return {
    blobs: facts.length,
    methods: [...new Set(facts.map(({ method }) => method))].sort(),
    bytes: facts.reduce((sum, { bytes }) => sum + bytes, 0),
    reused: facts.reduce((sum, { reused }) => sum + reused, 0),
    seconds: unionDuration(stages) / 1000,
  };
}

type ReportArtifact = ReportDocument['artifacts'][number];

type Why = Pick<ReportArtifact, 'reason' | 'why'>;

const NO_PLAN: Why = { reason: null, why: null };

const digestKey = (repository: string, digest: string): string => `${repository}@${digest}`;

/** References of planned and skipped artifacts, by repository and digest. */
function referencesByDigest(plan: Plan): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { reference, digest } of [...plan.skipped, ...plannedArtifacts(plan)]) {
    names.set(digestKey(reference.repository, digest), formatReference(reference));
  }
  return names;
}

/** Reason of each artifact of a plan, with the subject of referrers. */
function reasonsOf(plan: Plan): ReadonlyMap<string, Why> {
  const names = referencesByDigest(plan);
  return new Map(
    plannedArtifacts(plan).map(({ reference, subject, reason }) => {
      const of = subject === null ? undefined : names.get(digestKey(reference.repository, subject));
      const why = `${reasonText(reason)}${of === undefined ? '' : `, refers to ${of}`}`;
      return [formatReference(reference), { reason: reason.kind, why }];
    }),
  );
}

/** The artifacts of all batches, with their reasons. */
function batchArtifacts({ batches, planned }: TransferResult): readonly ReportArtifact[] {
  const reasons = planned === null ? new Map<string, Why>() : reasonsOf(planned.plan);
  return batches.flatMap(({ batch, artifacts, failure }) =>
    artifacts.map((item) => ({
      reference: item.reference,
      digest: item.digest,
      size: item.size,
      outcome: item.outcome,
      ...(reasons.get(item.reference) ?? NO_PLAN),
      failure: (item.failure ?? failure)?.facts.id ?? null,
      blob: batch.blob,
    })),
  );
}

/** Selected artifacts that are skipped, because they are up to date or can't be transferred. */
const skippedArtifacts = (result: TransferResult): readonly ReportArtifact[] =>
  skippedFor(result, 'present', 'blocked', 'subject-stays').map(({ reference, digest, size, reason }) => ({
    reference: formatReference(reference),
    digest,
    size,
    outcome: reason.kind === 'present' ? 'present' : 'failed',
    reason: reason.kind,
    why: reasonText(reason),
    failure: reason.kind === 'blocked' ? reason.failure.facts.id : null,
    blob: null,
  }));

/** All artifacts in the order of the batches, skipped artifacts last. */
const reportedArtifacts = (result: TransferResult): ReportDocument['artifacts'] => [
  ...batchArtifacts(result),
  ...skippedArtifacts(result),
];

const plannedFacts = ({ planned }: TransferResult): ReportDocument['planned'] =>
  planned === null
    ? null
    : {
        bytes: planned.plan.bytes.planned,
        naiveBytes: planned.plan.bytes.naive,
        incremental: planned.incremental,
      };

const reportedCheck = (result: CheckResult): ReportDocument['checks'][number] => {
  const { side, check, verdict } = result;
  return 'failure' in result
    ? { side, check, verdict, text: result.failure.facts.title, failure: result.failure.facts }
    : { side, check, verdict, text: result.text, failure: null };
};

/** Checks in reading order, source before target. */
const reportedChecks = ({ checks }: TransferResult): ReportDocument['checks'] =>
  [...checks]
    .sort((one, other) => CHECK_NAMES.indexOf(one.check) - CHECK_NAMES.indexOf(other.check))
    .map(reportedCheck);

function reportedSide(side: SideFacts | null): ReportDocument['sides']['source'] {
  if (side === null) return null;
  const { cloud, portal, registryId, pipelineId, container, storageAccountId = null, identity = null } = side;
  return { cloud, portal, registryId, pipelineId, container, storageAccountId, identity };
}

/** Resource ID of the run that a stage observed; the last one if the stage was repeated. */
function runId(kind: 'export' | 'import', side: SideFacts | null, { stages }: BatchResult): string | null {
  const run = stages.findLast(({ stage, run: name }) => stage === kind && name !== undefined)?.run;
  if (side?.registryId == null || run === undefined) return null;
  return `${side.registryId}/pipelineRuns/${run}`;
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

/** Builds the report: the facts of the job summary, machine-readable. */
export function reportDocument(result: TransferResult, provenance: Provenance | null): ReportDocument {
  const { paths } = result;
  const sides = result.sides ?? UNKNOWN_SIDES;
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
    planDigest: result.planDigest ?? null,
    planned: plannedFacts(result),
    provenance,
    batches: result.batches.map((batch) => reportedBatch(batch, sides, result.dryRun)),
    artifacts: reportedArtifacts(result),
    leftOut: skippedFor(result, 'excluded', 'deleted').map(({ reference, reason }) => ({
      reference: formatReference(reference),
      why: reasonText(reason),
    })),
    checks: reportedChecks(result),
    documents: { plan: paths.plan ?? null, manifest: paths.manifest ?? null, receipt: paths.receipt ?? null },
    extra: extraArtifacts(result.batches),
    failures: allErrors(result).map(({ facts }) => facts),
    cleanup: (result.cleanup ?? []).map(({ side, runs, blobs, bytes }) => ({ side, runs, blobs, bytes })),
    warnings: [...result.warnings],
  };
}
