/** One transfer from request to result; facts of the sides. */
import { removeStale } from './cleanup/remove-stale.ts';
import { toTransferError, TransferError } from './errors/index.ts';
import type { TransferRequest } from './model/request.ts';
import { endedBeforeBatches, type ModeResult, type TransferResult } from './model/result.ts';
import { sidePlansOf, UNKNOWN_SIDES, type Side, type SideFacts, type SidePlan, type Sides } from './model/side.ts';
import { doctorMode } from './modes/doctor.ts';
import { exportMode } from './modes/export.ts';
import { fullMode } from './modes/full.ts';
import { handoffMode } from './modes/handoff.ts';
import { importMode } from './modes/import.ts';
import type { TransferContext } from './ports/context.ts';
import { createCheckLog, type CheckLog } from './preflight/index.ts';
import { deadlineError, withDeadline } from './resilience/deadline.ts';

async function factsOf(
  side: Side,
  place: SidePlan | null,
  container: string | undefined,
  { connect }: TransferContext,
): Promise<SideFacts | null> {
  if (place === null) return null;
  const { request, pipeline, startsRuns } = place;
  const services = connect(side, request);
  const account =
    pipeline === null || container === undefined ? null : await services.inspector(pipeline).storageAccount(container);
  return {
    cloud: request.cloud,
    portal: await services.portal(),
    registryId: pipeline?.registryId ?? null,
    pipelineId: pipeline?.resourceId ?? null,
    container: container ?? null,
    storageAccountId: account?.kind === 'seen' ? account.value.resourceId : null,
    startsRuns,
  };
}

/**
 * What a person needs to find both sides again.
 * @param containers URIs that are known
 */
export async function sidesOf(
  asked: TransferRequest,
  containers: Readonly<Partial<Record<Side, string>>>,
  world: TransferContext,
): Promise<Sides> {
  const request = asked.mode === 'doctor' ? asked.examined : asked;
  const places = sidePlansOf(request);
  const [source, target] = await Promise.all([
    factsOf('source', places.source, containers.source, world),
    factsOf('target', places.target, containers.target, world),
  ]);
  return { source, target };
}

function runMode(request: TransferRequest, world: TransferContext, journal: CheckLog): Promise<ModeResult> {
  switch (request.mode) {
    case 'export':
      return exportMode(request, world, journal);
    case 'handoff':
      return handoffMode(request, world, journal);
    case 'import':
      return importMode(request, world, journal);
    case 'full':
      return fullMode(request, world, journal);
    case 'doctor':
      return doctorMode(request, world, journal);
  }
}

/** In which a mode puts together what it knows, when its time is over. */
const LAST_SECONDS = 0.5;

const errorOf = (error: unknown, { timeoutMinutes }: TransferRequest, { signal }: TransferContext): TransferError =>
  signal.aborted && !(error instanceof TransferError)
    ? deadlineError('The transfer', { signal, timeoutMinutes }, error)
    : toTransferError(error);

/**
 * Does what was asked for, and tells what came of it. Never throws: whatever goes wrong is in the result, and whatever
 * had succeeded before is there too.
 */
export async function runTransfer(request: TransferRequest, world: TransferContext): Promise<TransferResult> {
  const startedAt = world.clock.now();
  const journal = createCheckLog(world.onEvent);
  const result = await withDeadline(world.ending, () => runMode(request, world, journal), LAST_SECONDS).catch(
    (error: unknown) => endedBeforeBatches([errorOf(error, request, world)]),
  );
  const { mode, transferName } = request;
  const swept = await removeStale(request, result, journal.containers(), world);
  const sides = await withDeadline(world.ending, () => sidesOf(request, journal.containers(), world)).catch(
    () => UNKNOWN_SIDES,
  );
  const checks = journal.results();
  const warnings = [...result.warnings, ...swept.flatMap((side) => side.warnings)];
  return { mode, transferName, startedAt, endedAt: world.clock.now(), checks, sides, swept, ...result, warnings };
}
