import { endedEarly, unlessEnded } from './ending.ts';
import { asFailure, Failure } from './failure.ts';
import { doctorMode } from './doctor.ts';
import { exportMode, fullMode, handoffMode, importMode } from './modes.ts';
import { openJournal, type Journal } from './preflight/journal.ts';
import { KNOWN_OF_NO_SIDE, type TransferResult } from './report.ts';
import type { TransferRequest } from './request.ts';
import { cleanUp } from './clean-up.ts';
import { sidesOf } from './sides.ts';
import { stoppedEarly, type ModeResult, type World } from './world.ts';

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
