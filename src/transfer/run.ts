/** Runs one transfer, from request to result, and collects facts about the sides. */
import { removeStale } from './cleanup/remove-stale.ts';
import { toTransferError, TransferError } from './errors/index.ts';
import type { TransferRequest } from './model/request.ts';
import { arrivalWarnings, endedEarly, type ModeResult, type TransferResult } from './model/result.ts';
import { sidePlansOf, UNKNOWN_SIDES, type Side, type SideFacts, type SidePlan, type Sides } from './model/side.ts';
import * as doctorMode from './modes/doctor.ts';
import * as exportMode from './modes/export.ts';
import * as fullMode from './modes/full.ts';
import * as handoffMode from './modes/handoff.ts';
import * as importMode from './modes/import.ts';
import { createResultRecord, type RunContext } from './modes/steps.ts';
import type { TransferContext } from './ports/context.ts';
import { createCheckLog } from './preflight/index.ts';
import { deadlineError, withDeadline } from './resilience/deadline.ts';

async function factsOf(
  side: Side,
  sidePlan: SidePlan | null,
  container: string | undefined,
  { connect }: TransferContext,
): Promise<SideFacts | null> {
  if (sidePlan === null) return null;
  const { request, pipeline, startsRuns } = sidePlan;
  const services = connect(side, request);
  const account =
    pipeline === null || container === undefined ? null : await services.inspector(pipeline).storageAccount(container);
  return {
    cloud: request.cloud,
    portal: await services.portal(),
    registryId: pipeline?.registryId ?? null,
    pipelineId: pipeline?.resourceId ?? null,
    container: container ?? null,
    identity: services.identity(),
    storageAccountId: account?.ok === true ? account.value.resourceId : null,
    startsRuns,
  };
}

/**
 * Collects the facts that identify both sides in reports.
 * @param containers container URIs that preflight resolved
 */
export async function sidesOf(
  requested: TransferRequest,
  containers: Readonly<Partial<Record<Side, string>>>,
  context: TransferContext,
): Promise<Sides> {
  const request = requested.mode === 'doctor' ? requested.examined : requested;
  const sidePlans = sidePlansOf(request);
  const [source, target] = await Promise.all([
    factsOf('source', sidePlans.source, containers.source, context),
    factsOf('target', sidePlans.target, containers.target, context),
  ]);
  return { source, target };
}

function runMode(request: TransferRequest, runContext: RunContext): Promise<ModeResult> {
  switch (request.mode) {
    case 'export':
      return exportMode.run(request, runContext);
    case 'handoff':
      return handoffMode.run(request, runContext);
    case 'import':
      return importMode.run(request, runContext);
    case 'full':
      return fullMode.run(request, runContext);
    case 'doctor':
      return doctorMode.run(request, runContext);
  }
}

/** Time that a mode has to build its result after the deadline. Seconds. */
const RESULT_GRACE_SECONDS = 0.5;

const errorOf = (error: unknown, { timeoutMinutes }: TransferRequest, { signal }: TransferContext): TransferError =>
  signal.aborted && !(error instanceof TransferError)
    ? deadlineError('The transfer', { signal, timeoutMinutes }, error)
    : toTransferError(error);

/**
 * Runs a transfer and returns its result. Never throws: the result contains every error, and everything that succeeded
 * before it.
 */
export async function runTransfer(request: TransferRequest, context: TransferContext): Promise<TransferResult> {
  const startedAt = context.clock.now();
  const checkLog = createCheckLog(context.onEvent);
  const record = createResultRecord();
  const result = await withDeadline(
    context.ending,
    () => runMode(request, { context, checkLog, record }),
    RESULT_GRACE_SECONDS,
  ).catch((error: unknown) => endedEarly([errorOf(error, request, context)], record.facts()));
  const { mode, transferName } = request;
  const sides = await withDeadline(context.ending, () => sidesOf(request, checkLog.containers(), context)).catch(
    () => UNKNOWN_SIDES,
  );
  const checks = checkLog.results();
  const warnings = [...result.warnings, ...arrivalWarnings(result)];
  return { mode, transferName, startedAt, endedAt: context.clock.now(), checks, sides, ...result, warnings };
}

/**
 * Removes what is older than the input `cleanup`, after the result was reported. Never throws.
 * @returns the result with what was removed; null if nothing had to be removed
 */
export async function cleanUp(
  request: TransferRequest,
  result: TransferResult,
  context: TransferContext,
): Promise<TransferResult | null> {
  const cleanup = await removeStale(request, result, context);
  if (cleanup === null) return null;
  return { ...result, cleanup, warnings: [...result.warnings, ...cleanup.flatMap(({ warnings }) => warnings)] };
}
