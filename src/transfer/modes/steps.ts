/** Steps that several modes share. */
import { headerOf, manifestDocument, toNamedDocument, type NamedDocument } from '../documents/index.ts';
import type { TransferError } from '../errors/index.ts';
import { TagBaseline, type ImportTarget } from '../execution/index.ts';
import { createCopyContext, type CopyContext } from '../handoff/index.ts';
import type { Batch } from '../model/artifact.ts';
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

/** Result of preparing a mode: what the mode continues with, or the result that it ends with. */
export type PreparedMode<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly stopped: ModeResult };

/** Services and settings that preparing a mode needs. */
export interface ModeContext {
  readonly context: TransferContext;
  readonly checkLog: CheckLog;
  /** Whether nothing is started afterwards. If so, permissions to start runs aren't checked. */
  readonly plansOnly: boolean;
}

/** Ends a mode before its first batch. */
export const stopped = (failures: readonly TransferError[], facts: Partial<ModeResult> = {}): PreparedMode<never> => ({
  ok: false,
  stopped: endedBeforeBatches(failures, facts),
});

/** Checks the source side of a request. */
export const checkSource = (request: ExportPart & Terms, { context, plansOnly }: ModeContext): Promise<CheckedSide> => {
  const { source, exportPipeline: id, sourceContainer: location, transferName } = request;
  const probe = manifestName(transferName);
  const sideCheck = { side: 'source', id, request: source, place: location, importBy: null, probe, plansOnly } as const;
  return checkSide(sideCheck, context.connect('source', source), context.clock.now());
};

/** Checks the target side of a request. */
export const checkTarget = (request: ImportPart & Terms, { context, plansOnly }: ModeContext): Promise<CheckedSide> => {
  const { target, importPipeline: id, targetContainer: location, importBy, transferName } = request;
  const probe = manifestName(transferName);
  const sideCheck = { side: 'target', id, request: target, place: location, importBy, probe, plansOnly } as const;
  return checkSide(sideCheck, context.connect('target', target), context.clock.now());
};

/** Logs the check results of a side and its container. Returns the side, or the errors that block it. */
export function logSide({ checkLog }: ModeContext, side: Side, { results, ready }: CheckedSide): CheckedSide['ready'] {
  checkLog.note(results);
  if (ready.ok) checkLog.opened(side, ready.value.container.uri);
  return ready;
}

/** Facts of a plan for the result of the mode. */
export const planFacts = (
  preparedPlan: PreparedPlan,
): Pick<ModeResult, 'transferName' | 'selected' | 'planned' | 'warnings'> => ({
  transferName: preparedPlan.transferName,
  selected: countSelected(preparedPlan),
  planned: { plan: preparedPlan.plan, incremental: preparedPlan.incremental },
  warnings: [...preparedPlan.notes, ...preparedPlan.warnings],
});

type Endpoints = Pick<ModeResult, 'from' | 'to'>;

/** Plans the transfer. */
export async function createPlan(
  planContext: PlanContext,
  endpoints: Endpoints,
  { checkLog }: ModeContext,
): Promise<PreparedMode<PreparedPlan>> {
  checkLog.enter('plan');
  const preparedPlan = await planTransfer(planContext);
  return preparedPlan.ok
    ? preparedPlan
    : stopped(preparedPlan.failures, { ...endpoints, selected: countNamed(planContext.request) });
}

/** Logs the check results of the planned artifacts. Returns null, or ends the mode if they contain errors. */
export function logContent(
  checkResults: readonly CheckResult[],
  preparedPlan: PreparedPlan,
  endpoints: Endpoints,
  { checkLog }: ModeContext,
): PreparedMode<never> | null {
  const errors = checkLog.note(checkResults);
  if (errors.length === 0) return null;
  const failures = [...errors, ...blockedErrors(preparedPlan)];
  return stopped(failures, { ...endpoints, ...planFacts(preparedPlan), paths: { plan: preparedPlan.path } });
}

/**
 * The target of the imports of a request.
 * @param source login server of the source registry; null if it is unknown
 * @param batches all batches of the transfer
 */
export const importTargetOf = (
  request: ImportPart,
  target: ReadySide,
  source: string | null,
  batches: readonly Batch[],
): ImportTarget => ({
  ...target,
  importBy: request.importBy,
  verify: request.verify,
  loginServers: [target.registry.loginServer, ...(source === null ? [] : [source])],
  baseline: new TagBaseline(target.registry, batches),
});

/** Creates the copy context that all handoffs of a transfer share, and closes its hasher afterwards. */
export async function withCopyContext<Result>(
  part: HandoffPart,
  context: TransferContext,
  work: (copyContext: CopyContext) => Promise<Result>,
): Promise<Result> {
  const hasher = context.hashing();
  try {
    return await work(createCopyContext(part, hasher, context.clock));
  } finally {
    hasher.close();
  }
}

/** The result of a dry run. */
export const dryRun = (preparedPlan: PreparedPlan, endpoints: Endpoints): ModeResult => ({
  ...endpoints,
  ...planFacts(preparedPlan),
  dryRun: true,
  batches: plannedResults(preparedPlan),
  failures: blockedErrors(preparedPlan),
  paths: { plan: preparedPlan.path },
});

/** Builds the transfer manifest from the results of the batches. */
export const manifestOf = async (
  preparedPlan: PreparedPlan,
  results: readonly BatchResult[],
  { request, source, target, context }: PlanContext,
): Promise<NamedDocument> => {
  const header = headerOf(preparedPlan.documentName, context, source.registry.loginServer);
  const ids = { exportPipelineId: request.exportPipeline.resourceId, target: request.destination };
  const document = manifestDocument(header, results, ids);
  // Mode `full` transfers earlier batches itself. Only mode `export` leaves them to a later handoff.
  const all = target === null ? await withEarlierBatches(document, preparedPlan, source.container) : document;
  return toNamedDocument(manifestName(preparedPlan.documentName), all);
};
