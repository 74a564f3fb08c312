/** Steps that several modes share. */
import { headerOf, manifestDocument, toNamedDocument, type NamedDocument } from '../documents/index.ts';
import { failed, type Result, type TransferError } from '../errors/index.ts';
import type { ImportTarget } from '../execution/index.ts';
import { createCopyContext, type CopyContext } from '../handoff/index.ts';
import type { Batch } from '../model/artifact.ts';
import type { CheckResult } from '../model/check-result.ts';
import { manifestName } from '../model/names.ts';
import type { ExportPart, HandoffPart, ImportPart, Terms } from '../model/request.ts';
import { endedEarly, type BatchResult, type ModeResult } from '../model/result.ts';
import type { Side } from '../model/side.ts';
import {
  blockedErrors,
  countNamed,
  countSelected,
  plannedResults,
  planTransfer,
  type PlanContext,
  type PreparedPlan,
} from '../plan/index.ts';
import { createRunListing } from '../pipelines/blob-runs.ts';
import type { TransferContext } from '../ports/context.ts';
import type { ReadySide } from '../ports/side-services.ts';
import { checkSide, type CheckedSide, type CheckLog } from '../preflight/index.ts';
import { TagBaseline } from '../verification/index.ts';

/** Result of preparing a mode: what the mode continues with, or the result that it ends with. */
export type PreparedMode<Value> = Result<Value, ModeResult>;

/**
 * Collects the result of a mode while it runs. It belongs to the caller of the mode, so that neither an error nor the time
 * limit can lose what was done before.
 */
interface ResultRecord {
  /** Adds facts; later facts replace earlier ones. */
  readonly add: (facts: Partial<ModeResult>) => void;
  readonly facts: () => Partial<ModeResult>;
}

/** Creates an empty record. */
export function createResultRecord(): ResultRecord {
  let facts: Partial<ModeResult> = {};
  return {
    add: (added) => {
      facts = { ...facts, ...added };
    },
    facts: () => facts,
  };
}

/** Services that running a mode needs, and where it records what it does. */
export interface RunContext {
  readonly context: TransferContext;
  readonly checkLog: CheckLog;
  readonly record: ResultRecord;
}

/** Services and settings that preparing a mode needs. */
export interface ModeContext extends RunContext {
  /** Whether nothing is started afterwards. If so, permissions to start runs aren't checked. */
  readonly plansOnly: boolean;
}

/** Ends a mode before its first batch. */
export const stopped = (failures: readonly TransferError[], facts: Partial<ModeResult> = {}): PreparedMode<never> =>
  failed(endedEarly(failures, facts));

/** Checks the source side of a request. */
export const checkSource = (
  request: ExportPart & Terms & Partial<ImportPart>,
  { context, plansOnly }: ModeContext,
): Promise<CheckedSide> => {
  const { source, exportPipeline: id, sourceContainer: location, transferName, verify: verifies = false } = request;
  const probe = manifestName(transferName);
  const terms = { importBy: null, probe, verifies, plansOnly };
  const sideCheck = { side: 'source', id, request: source, place: location, ...terms } as const;
  return checkSide(sideCheck, context.connect('source', source), context.clock.now());
};

/** Checks the target side of a request. */
export const checkTarget = (request: ImportPart & Terms, { context, plansOnly }: ModeContext): Promise<CheckedSide> => {
  const { target, importPipeline: id, targetContainer: location, importBy, transferName, verify: verifies } = request;
  const probe = manifestName(transferName);
  const terms = { importBy, probe, verifies, plansOnly };
  const sideCheck = { side: 'target', id, request: target, place: location, ...terms } as const;
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
): Pick<ModeResult, 'transferName' | 'selected' | 'planned' | 'planDigest' | 'warnings'> => ({
  transferName: preparedPlan.transferName,
  selected: countSelected(preparedPlan),
  planned: { plan: preparedPlan.plan, incremental: preparedPlan.incremental },
  planDigest: preparedPlan.planDigest,
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
    : stopped(preparedPlan.problem, { ...endpoints, selected: countNamed(planContext.request) });
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

/** What the target of imports needs besides its side. */
interface ImportFacts {
  /** Login server of the source registry; null if it is unknown. */
  readonly source: string | null;
  /** All batches of the transfer. */
  readonly batches: readonly Batch[];
  readonly context: TransferContext;
}

/** The target of the imports of a request. */
export const importTargetOf = (
  request: ImportPart,
  target: ReadySide,
  { source, batches, context: { clock } }: ImportFacts,
): ImportTarget => ({
  ...target,
  listing: createRunListing(target.runs, clock),
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

/** The transfer manifest of a transfer, as it is saved and uploaded. */
export interface WrittenManifest extends NamedDocument {
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** Whether it lists no artifacts: there was nothing to transfer. */
  readonly isEmpty: boolean;
}

/** Builds the transfer manifest from the results of the batches. Makes no request. */
export const manifestOf = (
  { documentName, earlierBatches }: PreparedPlan,
  results: readonly BatchResult[],
  { request, source, context }: PlanContext,
): WrittenManifest => {
  const header = headerOf(documentName, context, source.registry.loginServer);
  const ids = { exportPipelineId: request.exportPipeline.resourceId, target: request.destination };
  const document = manifestDocument(header, results, ids);
  const ownBlobs = new Set(document.batches.map(({ blob }) => blob.name));
  const earlier = earlierBatches.filter(({ blob }) => !ownBlobs.has(blob.name));
  const all = { ...document, batches: [...document.batches, ...earlier] };
  const isEmpty = all.batches.length === 0 && all.missing.length === 0;
  return { ...toNamedDocument(manifestName(documentName), all), createdAt: all.createdAt, isEmpty };
};
