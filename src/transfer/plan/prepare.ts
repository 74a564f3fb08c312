/** Prepares what leaves: finds out what the far side has, makes the plan or takes up one that was given. */
import { PLAN, readDocument, type BaselineEntry, type PlanDocument } from '../documents/index.ts';
import { toResult, transferError, type Result, type TransferError } from '../errors/index.ts';
import type { Batch } from '../model/artifact.ts';
import { planName } from '../model/names.ts';
import type { Plan } from '../model/plan.ts';
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
import { liveTarget, type Baseline, type RegistryPair } from './baseline/baseline.ts';
import { loadHistory } from './baseline/history.ts';
import { loadReceipts } from './baseline/receipts.ts';
import { buildPlan } from './build.ts';

/** A plan that is ready to be carried out. */
export interface Prepared {
  readonly plan: Plan;
  /** Prefix of the blobs; a plan that was given brings its own. */
  readonly transferName: string;
  /** What the source was compared with; a plan that was given tells it. */
  readonly incremental: PlanDocument['incremental'];
  /** What is remembered to be at the far side. */
  readonly remembered: readonly BaselineEntry[];
  /** Sentences that a reader should know before approving. */
  readonly notes: readonly string[];
  /** Artifacts that cannot travel any more although they were planned. */
  readonly lost: readonly TransferError[];
}

/** What preparing works on. */
export interface PlanContext {
  readonly request: ExportPart & Terms;
  readonly source: ReadySide;
  /** Null when the target is out of sight. */
  readonly target: ReadySide | null;
  readonly world: TransferContext;
}

type NewPlanSource = Extract<PlanSource, { kind: 'make' }>;
type ApprovedPlanSource = Extract<PlanSource, { kind: 'given' }>;

/** The registries that receipts and histories must be of. */
export const registryPairOf = ({ request, source }: Pick<PlanContext, 'request' | 'source'>): RegistryPair => ({
  source: source.registry.loginServer,
  destination: request.destination,
});

async function loadBaseline(
  order: NewPlanSource,
  preparation: PlanContext,
): Promise<{ known: Baseline | null; notes: readonly string[] }> {
  const { source, target, world } = preparation;
  const { incremental } = order;
  switch (incremental.kind) {
    case 'off':
      return { known: null, notes: [] };
    case 'target':
      // Inputs take it in mode full alone, where the target is connected.
      return { known: target === null ? null : liveTarget(target.registry), notes: [] };
    case 'receipt':
      return loadReceipts(incremental.places, registryPairOf(preparation), source.container, world.files);
    case 'history':
      return loadHistory(source.container, registryPairOf(preparation));
  }
}

/** Batches of the plan that an earlier attempt has begun to carry out. One that cannot be read is as good as none. */
async function earlierBatches({ request, source }: PlanContext): Promise<readonly Batch[]> {
  const name = planName(request.transferName);
  const text = await source.container.readText(name);
  if (text === null) return [];
  try {
    const document = readDocument(PLAN, text, name);
    return document.registry === source.registry.loginServer ? documentBatches(document) : [];
  } catch {
    return [];
  }
}

async function make(order: NewPlanSource, preparation: PlanContext): Promise<Result<Prepared>> {
  const { request, source, world } = preparation;
  const { transferName, artifactsPerRun, maxBlobBytes } = request;
  const [{ known, notes }, earlier] = await Promise.all([
    loadBaseline(order, preparation),
    earlierBatches(preparation),
  ]);
  const planned = await buildPlan({
    registry: source.registry,
    lines: order.selection,
    known,
    includeReferrers: order.includeReferrers,
    now: world.clock.now(),
    transferName,
    limits: { artifacts: artifactsPerRun, bytes: maxBlobBytes },
    earlier,
  });
  if (!planned.ok) return planned;
  const incremental = order.incremental.kind;
  return {
    ok: true,
    value: { plan: planned.value, transferName, incremental, remembered: known?.remembered ?? [], notes, lost: [] },
  };
}

async function readApproved(
  { place }: ApprovedPlanSource,
  { request, source, world }: PlanContext,
): Promise<PlanDocument> {
  const text = await world.files.read(place);
  if (text === null) throw transferError('ACRT7001', { document: PLAN.title, place, reason: 'there is no such file' });
  const { registry, pipeline } = source;
  const fit = {
    registry: registry.loginServer,
    exportPipelineId: pipeline.resourceId,
    destination: request.destination,
  };
  return readPlan(text, place, fit);
}

const lostBatchesError = ({ artifact }: Drift, registry: string, place: string): TransferError =>
  transferError('ACRT3005', { reference: formatReference(artifact.reference), where: `plan ${place}`, registry });

async function loadApprovedPlan(order: ApprovedPlanSource, preparation: PlanContext): Promise<Result<Prepared>> {
  const { registry } = preparation.source;
  const document = await readApproved(order, preparation);
  const all = documentBatches(document);
  const share = order.shard === null ? all : batchesOfShard(all, order.shard);
  const drifts = await findDrift(registry, share);
  if (drifts.length > 0 && order.onDrift === 'stop') return { ok: false, failures: [driftError(drifts)] };
  const gone = drifts.filter(({ now }) => now === null);
  const moved = drifts.filter(({ now }) => now !== null);
  const batches = afterDrift(share, drifts, document.transferName);
  const notes = moved.map(
    ({ artifact, now }) =>
      `${formatReference(artifact.reference)} ${now === NO_TAG ? 'has lost its tag' : `has moved to ${now ?? ''}`} since the plan was made. What was planned travels by its digest ${artifact.digest}; the tag stays as it is at the target.`,
  );
  const lost = gone.map((drift) => lostBatchesError(drift, registry.loginServer, order.place));
  const { transferName, incremental } = document;
  const plan = approvedPlan(document, batches);
  return {
    ok: true,
    value: { plan, transferName, incremental, remembered: [], notes: [...document.notes, ...notes], lost },
  };
}

/**
 * Prepares what leaves, before anything is started.
 * @returns everything that stands against it, when something does: ACRT3005, ACRT3010, ACRT3011, ACRT4010, ACRT6003,
 *   ACRT6004, ACRT7001, ACRT7002, ACRT7005 and what storage throws
 */
export async function prepare(preparation: PlanContext): Promise<Result<Prepared>> {
  const { order } = preparation.request;
  const prepared = await toResult(() =>
    order.kind === 'make' ? make(order, preparation) : loadApprovedPlan(order, preparation),
  );
  return prepared.ok ? prepared.value : prepared;
}
