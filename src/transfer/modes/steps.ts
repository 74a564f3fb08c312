/** Steps that several modes share. */
import { headerOf, manifestDocument, toNamedDocument, type NamedDocument } from '../documents/index.ts';
import type { TransferError } from '../errors/index.ts';
import type { ImportTarget } from '../execution/index.ts';
import { createCopyContext, type CopyContext } from '../handoff/index.ts';
import type { CheckResult } from '../model/check-result.ts';
import { manifestName } from '../model/names.ts';
import type { ExportPart, HandoffPart, ImportPart, Terms } from '../model/request.ts';
import { endedBeforeBatches, type BatchResult, type ModeResult } from '../model/result.ts';
import type { Side } from '../model/side.ts';
import {
  blockedErrors,
  countNamed,
  countSelected,
  plannedResults,
  planTransfer,
  withEarlierBatches,
  type PlanContext,
  type PreparedPlan,
} from '../plan/index.ts';
import type { TransferContext } from '../ports/context.ts';
import type { ReadySide } from '../ports/side-services.ts';
import { checkSide, type CheckedSide, type CheckLog } from '../preflight/index.ts';

/** What examining came to: what a mode goes on with, or the result that it ends with. */
export type PreparedMode<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly stopped: ModeResult };

/** What examining is done with. */
export interface ModeContext {
  readonly world: TransferContext;
  readonly journal: CheckLog;
  /** Whether nothing will be started whatever is found: then rights to start are nobody's business. */
  readonly plansOnly: boolean;
}

/** What leaves, ready to go. */
export interface ReadyExport {
  readonly source: ReadySide;
  readonly preparation: PlanContext;
  readonly outbound: PreparedPlan;
}

/** Ends a mode before its first batch. */
export const stopped = (failures: readonly TransferError[], facts: Partial<ModeResult> = {}): PreparedMode<never> => ({
  ok: false,
  stopped: endedBeforeBatches(failures, facts),
});

/** Checks the source side of a request. */
export const sourceOf = (request: ExportPart & Terms, { world, plansOnly }: ModeContext): Promise<CheckedSide> => {
  const { source, exportPipeline: id, sourceContainer: place, transferName } = request;
  const probe = manifestName(transferName);
  const order = { side: 'source', id, request: source, place, importBy: null, probe, plansOnly } as const;
  return checkSide(order, world.connect('source', source), world.clock.now());
};

/** Checks the target side of a request. */
export const targetOf = (request: ImportPart & Terms, { world, plansOnly }: ModeContext): Promise<CheckedSide> => {
  const { target, importPipeline: id, targetContainer: place, importBy, transferName } = request;
  const probe = manifestName(transferName);
  const order = { side: 'target', id, request: target, place, importBy, probe, plansOnly } as const;
  return checkSide(order, world.connect('target', target), world.clock.now());
};

/** Notes what was found on a side. */
export function noteSide({ journal }: ModeContext, side: Side, { results, ready }: CheckedSide): void {
  journal.note(results);
  if (ready.ok) journal.opened(side, ready.value.container.uri);
}

/** What a plan comes to before, or without, anything being carried. */
export const planFacts = (
  outbound: PreparedPlan,
): Pick<ModeResult, 'transferName' | 'selected' | 'planned' | 'warnings'> => ({
  transferName: outbound.transferName,
  selected: countSelected(outbound),
  planned: { plan: outbound.plan, incremental: outbound.incremental },
  warnings: [...outbound.notes, ...outbound.warnings],
});

type Ends = Pick<ModeResult, 'from' | 'to'>;

/** Plans the transfer, then checks the planned artifacts. */
export async function planned(
  preparation: PlanContext,
  ends: Ends,
  examination: ModeContext,
  check: (outbound: PreparedPlan) => Promise<readonly CheckResult[]>,
): Promise<PreparedMode<PreparedPlan>> {
  const { journal, plansOnly } = examination;
  journal.enter('plan');
  const outbound = await planTransfer(preparation);
  if (!outbound.ok) return stopped(outbound.failures, { ...ends, selected: countNamed(preparation.request) });
  if (plansOnly) return outbound;
  const against = journal.note(await check(outbound.value));
  if (against.length === 0) return outbound;
  const failures = [...against, ...blockedErrors(outbound.value)];
  return stopped(failures, { ...ends, ...planFacts(outbound.value), paths: { plan: outbound.value.path } });
}

/** The target of the imports of a request. */
export const importTargetOf = (request: ImportPart, target: ReadySide): ImportTarget => ({
  ...target,
  importBy: request.importBy,
  verify: request.verify,
});

/** Carries with what all handoffs share, and ends it. */
export async function withCopyContext<Result>(
  part: HandoffPart,
  world: TransferContext,
  carry: (crossing: CopyContext) => Promise<Result>,
): Promise<Result> {
  const hashing = world.hashing();
  try {
    return await carry(createCopyContext(part, hashing, world.clock));
  } finally {
    hashing.close();
  }
}

/** The result of a dry run. */
export const dryRun = (outbound: PreparedPlan, ends: Pick<ModeResult, 'from' | 'to'>): ModeResult => ({
  ...ends,
  ...planFacts(outbound),
  dryRun: true,
  batches: plannedResults(outbound),
  failures: blockedErrors(outbound),
  paths: { plan: outbound.path },
});

/** Builds the transfer manifest from the results of the batches. */
export const manifestOf = async (
  outbound: PreparedPlan,
  results: readonly BatchResult[],
  { request, source, target, context: world }: PlanContext,
): Promise<NamedDocument> => {
  const heading = headerOf(outbound.documentName, world, source.registry.loginServer);
  const ids = { exportPipelineId: request.exportPipeline.resourceId, target: request.destination };
  const document = manifestDocument(heading, results, ids);
  // What goes all the way needs nobody to take it up later.
  const all = target === null ? await withEarlierBatches(document, outbound, source.container) : document;
  return toNamedDocument(manifestName(outbound.documentName), all);
};
