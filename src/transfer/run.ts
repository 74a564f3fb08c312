/** One transfer from request to result; facts of the sides. */
import { cleanUp } from './cleanup/remove-stale.ts';
import { asFailure, Failure } from './errors/index.ts';
import type { TransferRequest } from './model/request.ts';
import { stoppedEarly, type ModeResult, type TransferResult } from './model/result.ts';
import { KNOWN_OF_NO_SIDE, placesOf, type Place, type Side, type SideFacts, type Sides } from './model/side.ts';
import { doctorMode } from './modes/doctor.ts';
import { exportMode } from './modes/export.ts';
import { fullMode } from './modes/full.ts';
import { handoffMode } from './modes/handoff.ts';
import { importMode } from './modes/import.ts';
import type { World } from './ports/context.ts';
import { openJournal, type Journal } from './preflight/index.ts';
import { endedEarly, unlessEnded } from './resilience/deadline.ts';

async function factsOf(
  side: Side,
  place: Place | null,
  container: string | undefined,
  { connect }: World,
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
  world: World,
): Promise<Sides> {
  const request = asked.mode === 'doctor' ? asked.examined : asked;
  const places = placesOf(request);
  const [source, target] = await Promise.all([
    factsOf('source', places.source, containers.source, world),
    factsOf('target', places.target, containers.target, world),
  ]);
  return { source, target };
}

function runMode(request: TransferRequest, world: World, journal: Journal): Promise<ModeResult> {
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

const failureOf = (error: unknown, { timeoutMinutes }: TransferRequest, { signal }: World): Failure =>
  signal.aborted && !(error instanceof Failure)
    ? endedEarly('The transfer', { signal, timeoutMinutes }, error)
    : asFailure(error);

/**
 * Does what was asked for, and tells what came of it. Never throws: whatever goes wrong is in the result, and whatever
 * had succeeded before is there too.
 */
export async function runTransfer(request: TransferRequest, world: World): Promise<TransferResult> {
  const startedAt = world.clock.now();
  const journal = openJournal(world.onEvent);
  const result = await unlessEnded(world.ending, () => runMode(request, world, journal), LAST_SECONDS).catch(
    (error: unknown) => stoppedEarly([failureOf(error, request, world)]),
  );
  const { mode, transferName } = request;
  const swept = await cleanUp(request, result, journal.containers(), world);
  const sides = await unlessEnded(world.ending, () => sidesOf(request, journal.containers(), world)).catch(
    () => KNOWN_OF_NO_SIDE,
  );
  const checks = journal.findings();
  const warnings = [...result.warnings, ...swept.flatMap((side) => side.warnings)];
  return { mode, transferName, startedAt, endedAt: world.clock.now(), checks, sides, swept, ...result, warnings };
}
