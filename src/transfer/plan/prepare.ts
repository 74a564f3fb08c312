/** Prepares a plan: builds a new one against the baseline, or loads an approved one. */
import { documentDigest, findDocument, PLAN, type BaselineEntry, type PlanDocument } from '../documents/index.ts';
import { failed, ok, toResult, transferError, type Result, type TransferError } from '../errors/index.ts';
import { planName } from '../model/names.ts';
import type { Plan, PlannedBatch } from '../model/plan.ts';
import { formatReference } from '../model/reference.ts';
import type { ExportPart, PlanSource, Terms } from '../model/request.ts';
import { batchesOfShard } from '../model/shard.ts';
import type { TransferContext } from '../ports/context.ts';
import type { ReadySide } from '../ports/side-services.ts';
import {
  afterDrift,
  approvedPlan,
  documentBatches,
  driftError,
  findDrift,
  NO_TAG,
  readPlan,
  type Drift,
} from './approved.ts';
import { isSamePair, liveTarget, type Baseline, type RegistryPair } from './baseline/baseline.ts';
import { loadHistory } from './baseline/history.ts';
import { loadReceipts } from './baseline/receipts.ts';
import { buildPlan } from './build.ts';

/** A plan that is ready to be executed. */
export interface Prepared {
  readonly plan: Plan;
  /** Prefix of the blob names; an approved plan has its own. */
  readonly transferName: string;
  /** The baseline that the source was compared with; an approved plan records it. */
  readonly incremental: PlanDocument['incremental'];
  /** The recorded artifacts of the baseline. */
  readonly baselineEntries: readonly BaselineEntry[];
  /** Sentences that a reader should know before the approval. */
  readonly notes: readonly string[];
  /** Errors for planned artifacts that were deleted since. */
  readonly deletedErrors: readonly TransferError[];
  /** SHA-256 digest of an approved plan; null for a new one, which isn't written yet. */
  readonly planDigest: string | null;
}

/** The request and the connected sides of a plan. */
export interface PlanContext {
  readonly request: ExportPart & Terms;
  readonly source: ReadySide;
  /** Null if the target isn't connected. */
  readonly target: ReadySide | null;
  readonly context: TransferContext;
}

type NewPlanSource = Extract<PlanSource, { kind: 'new' }>;
type ApprovedPlanSource = Extract<PlanSource, { kind: 'approved' }>;

/** The registries that receipts and histories must be about. */
export const registryPairOf = ({ request, source }: Pick<PlanContext, 'request' | 'source'>): RegistryPair => ({
  source: source.registry.loginServer,
  destination: request.destination,
});

async function loadBaseline(
  order: NewPlanSource,
  planContext: PlanContext,
): Promise<{ baseline: Baseline | null; notes: readonly string[] }> {
  const { source, target, context } = planContext;
  const { incremental } = order;
  switch (incremental.kind) {
    case 'off':
      return { baseline: null, notes: [] };
    case 'target':
      // The inputs allow it only in mode full, where the target is connected.
      return { baseline: target === null ? null : liveTarget(target.registry), notes: [] };
    case 'receipt':
      return loadReceipts(incremental.places, registryPairOf(planContext), source.container, context.files);
    case 'history':
      return loadHistory(source.container, registryPairOf(planContext));
  }
}

/** Batches of the plan that an earlier attempt started to execute, between the same registries. A plan that can't be read is ignored. */
async function earlierBatches(planContext: PlanContext): Promise<readonly PlannedBatch[]> {
  const { request, source } = planContext;
  const document = await findDocument(source.container, PLAN, planName(request.transferName));
  if (document === null) return [];
  const pair = { source: document.registry, destination: document.target };
  return isSamePair(pair, registryPairOf(planContext)) ? documentBatches(document) : [];
}

async function buildNewPlan(order: NewPlanSource, planContext: PlanContext): Promise<Result<Prepared>> {
  const { request, source, context } = planContext;
  const { transferName, artifactsPerRun, maxBlobBytes } = request;
  const [{ baseline, notes }, earlier] = await Promise.all([
    loadBaseline(order, planContext),
    earlierBatches(planContext),
  ]);
  const planned = await buildPlan({
    registry: source.registry,
    lines: order.selection,
    baseline,
    includeReferrers: order.includeReferrers,
    now: context.clock.now(),
    transferName,
    limits: { artifacts: artifactsPerRun, bytes: maxBlobBytes },
    earlier,
    // A receipt of the target side is written after the import. In mode `full` the attempt might not have imported everything.
    resumesPartial: planContext.target !== null || order.incremental.kind !== 'receipt',
  });
  if (!planned.ok) return planned;
  const incremental = order.incremental.kind;
  const baselineEntries = baseline?.entries ?? [];
  return ok({
    plan: planned.value,
    transferName,
    incremental,
    baselineEntries,
    notes,
    deletedErrors: [],
    planDigest: null,
  });
}

async function readApproved(
  { place }: ApprovedPlanSource,
  { request, source, context }: PlanContext,
): Promise<{ readonly document: PlanDocument; readonly digest: string }> {
  const text = await context.files.read(place);
  if (text === null) throw transferError('ACRT7001', { document: PLAN.title, place, reason: 'there is no such file' });
  const { registry, pipeline } = source;
  const document = readPlan(text, place, {
    registry: registry.loginServer,
    exportPipelineId: pipeline.resourceId,
    destination: request.destination,
  });
  return { document, digest: documentDigest(text) };
}

const deletedError = ({ artifact }: Drift, registry: string, place: string): TransferError =>
  transferError('ACRT3005', { reference: formatReference(artifact.reference), where: `plan ${place}`, registry });

const movedNote = ({ artifact, now }: Drift): string =>
  `${formatReference(artifact.reference)} ${now === NO_TAG ? 'lost its tag' : `moved to ${now ?? ''}`} since the plan was created. The planned digest ${artifact.digest} is transferred. The tag at the target doesn't change.`;

/** Artifacts that were up to date when the plan was created, according to receipts. */
const presentEntries = ({ leftOut }: PlanDocument): readonly BaselineEntry[] =>
  leftOut.flatMap(({ reference, digest, why }) =>
    why.reason === 'present' ? [{ reference, digest, children: [] }] : [],
  );

async function loadApprovedPlan(order: ApprovedPlanSource, planContext: PlanContext): Promise<Result<Prepared>> {
  const { registry } = planContext.source;
  const { document, digest: planDigest } = await readApproved(order, planContext);
  const allBatches = documentBatches(document);
  const ownBatches = order.shard === null ? allBatches : batchesOfShard(allBatches, order.shard);
  const drifts = await findDrift(registry, ownBatches);
  if (drifts.length > 0 && order.onDrift === 'stop') return failed([driftError(drifts)]);
  const deleted = drifts.filter(({ now }) => now === null);
  const moved = drifts.filter(({ now }) => now !== null);
  const batches = afterDrift(ownBatches, drifts, document.transferName);
  const notes = [...document.notes, ...moved.map(movedNote)];
  const deletedErrors = deleted.map((drift) => deletedError(drift, registry.loginServer, order.place));
  const { transferName, incremental } = document;
  const plan = approvedPlan(batches);
  const baselineEntries = incremental === 'receipt' ? presentEntries(document) : [];
  const facts = { transferName, incremental, baselineEntries, notes, deletedErrors, planDigest };
  return ok({ plan, ...facts });
}

/**
 * Prepares a plan. Starts nothing.
 * @returns the plan, or all errors at once: ACRT3005, ACRT3010, ACRT3011, ACRT4010, ACRT6003, ACRT6004, ACRT7001, ACRT7002,
 *   ACRT7005, and the errors of the storage
 */
export async function prepare(planContext: PlanContext): Promise<Result<Prepared>> {
  const { order } = planContext.request;
  const prepared = await toResult(() =>
    order.kind === 'new' ? buildNewPlan(order, planContext) : loadApprovedPlan(order, planContext),
  );
  return prepared.ok ? prepared.value : prepared;
}
