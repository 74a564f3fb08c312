import { stopped, sweep, type Swept, type SweptPlace } from './leftovers/sweep.ts';
import type { TransferRequest } from './request.ts';
import type { Side } from './services.ts';
import { placesOf, type Place } from './sides.ts';
import { formatBytes } from './size.ts';
import type { ModeResult, World } from './world.ts';

const DAY = 24 * 60 * 60 * 1000;

/** Who still needs what older transfers have left: one that went wrong may be about to be taken up again. */
const wentWell = ({ dryRun, failures, batches }: ModeResult): boolean =>
  !dryRun &&
  failures.length === 0 &&
  batches.every(({ failure, artifacts }) => failure === null && artifacts.every(({ outcome }) => outcome !== 'failed'));

async function sweepSide(
  side: Side,
  place: Place,
  container: string | undefined,
  world: World,
  before: number,
): Promise<Swept> {
  try {
    return await sweep(await placeOf(side, place, container, world), before);
  } catch (error) {
    return { side, runs: 0, blobs: 0, bytes: 0, warnings: [stopped(side, error)] };
  }
}

async function placeOf(side: Side, place: Place, container: string | undefined, world: World): Promise<SweptPlace> {
  const { pipeline, request } = place;
  const services = world.connect(side, request);
  return {
    side,
    runs: pipeline === null ? null : { archive: await services.archive(pipeline), pipeline },
    container: container === undefined ? null : await services.container(container),
  };
}

function told({ side, runs, blobs, bytes }: Swept, days: number): string {
  return `cleaned up the ${side} side: ${runs} runs and ${blobs} blobs (${formatBytes(bytes)}) older than ${days} days`;
}

/** Removes what transfers older than `cleanup` have left on the sides of this one, if it went well. */
export async function cleanUp(
  request: TransferRequest,
  result: ModeResult,
  containers: Readonly<Partial<Record<Side, string>>>,
  world: World,
): Promise<readonly Swept[]> {
  if (request.mode === 'doctor' || request.cleanupDays === null || !wentWell(result)) return [];
  const before = world.clock.now() - request.cleanupDays * DAY;
  const places = placesOf(request);
  const swept: Swept[] = [];
  for (const side of ['source', 'target'] as const) {
    const place = places[side];
    if (place === null) continue;
    const done = await sweepSide(side, place, containers[side], world, before);
    world.onEvent({ kind: 'said', batch: null, text: told(done, request.cleanupDays) });
    swept.push(done);
  }
  return swept;
}
