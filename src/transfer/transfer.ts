import { asFailure } from './failure.ts';
import { exportMode, fullMode, handoffMode, importMode } from './modes.ts';
import type { TransferResult } from './report.ts';
import type { TransferRequest } from './request.ts';
import { stoppedEarly, type ModeResult, type World } from './world.ts';

function runMode(request: TransferRequest, world: World): Promise<ModeResult> {
  switch (request.mode) {
    case 'export':
      return exportMode(request, world);
    case 'handoff':
      return handoffMode(request, world);
    case 'import':
      return importMode(request, world);
    case 'full':
      return fullMode(request, world);
  }
}

/**
 * Does what was asked for, and tells what came of it. Never throws: whatever goes wrong is in the result, and whatever
 * had succeeded before is there too.
 */
export async function runTransfer(request: TransferRequest, world: World): Promise<TransferResult> {
  const startedAt = world.clock.now();
  const result = await runMode(request, world).catch((error: unknown) => stoppedEarly([asFailure(error)]));
  const { mode, transferName } = request;
  return { mode, transferName, startedAt, endedAt: world.clock.now(), ...result };
}
