/** Removes those that are old enough. */
import { toTransferError } from '../errors/index.ts';
import { formatBytes } from '../model/bytes.ts';
import type { PipelineId } from '../model/pipeline-id.ts';
import type { TransferRequest } from '../model/request.ts';
import type { CleanupResult, ModeResult } from '../model/result.ts';
import { sidePlansOf, type Side, type SidePlan } from '../model/side.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import type { TransferContext } from '../ports/context.ts';
import type { RunArchive } from '../ports/pipelines.ts';
import { endedRuns, removeBlobs, staleTransfers } from './leftovers.ts';

/** Where one side's leftovers are. */
interface CleanupTarget {
  readonly side: Side;
  /** Null where there are no runs. */
  readonly runs: { readonly archive: RunArchive; readonly pipeline: PipelineId } | null;
  /** Null where nobody knows the container. */
  readonly container: BlobContainer | null;
}

async function removeRuns({ runs }: CleanupTarget, before: number): Promise<number> {
  if (runs === null) return 0;
  const ended = endedRuns(await runs.archive.list(), runs.pipeline.resourceId, before);
  for (const { name } of ended) await runs.archive.remove(name);
  return ended.length;
}

async function removeTransfers(
  { container }: CleanupTarget,
  before: number,
): Promise<{ blobs: number; bytes: number }> {
  if (container?.remove == null) return { blobs: 0, bytes: 0 };
  const left = (await staleTransfers(container, before)).flatMap(({ blobs }) => blobs);
  const removed = await removeBlobs(container, left);
  return { blobs: removed.length, bytes: removed.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** What is told of a side that could not be cleaned up. */
const stopped = (side: Side, error: unknown): string =>
  `Cleaning up the ${side} side stopped: ${toTransferError(error).facts.message}`;

/** Leftovers are no reason to fail a transfer that went well. */
async function collectWarning<Result>(
  side: Side,
  otherwise: Result,
  warnings: string[],
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    warnings.push(stopped(side, error));
    return otherwise;
  }
}

/**
 * Removes ended runs and transfer blobs of this action from one side. Receipts and histories stay: transfers to come are
 * compared with them.
 * @param before only what is older, milliseconds since the epoch
 */
export async function cleanTarget(place: CleanupTarget, before: number): Promise<CleanupResult> {
  const warnings: string[] = [];
  const runs = await collectWarning(place.side, 0, warnings, () => removeRuns(place, before));
  const blobs = await collectWarning(place.side, { blobs: 0, bytes: 0 }, warnings, () =>
    removeTransfers(place, before),
  );
  return { side: place.side, runs, ...blobs, warnings };
}

const DAY = 24 * 60 * 60 * 1000;

/** Who still needs what older transfers have left: one that went wrong may be about to be taken up again. */
const wentWell = ({ dryRun, failures, batches }: ModeResult): boolean =>
  !dryRun &&
  failures.length === 0 &&
  batches.every(({ failure, artifacts }) => failure === null && artifacts.every(({ outcome }) => outcome !== 'failed'));

async function cleanSide(
  side: Side,
  place: SidePlan,
  container: string | undefined,
  world: TransferContext,
  before: number,
): Promise<CleanupResult> {
  try {
    return await cleanTarget(await cleanupTargetOf(side, place, container, world), before);
  } catch (error) {
    return { side, runs: 0, blobs: 0, bytes: 0, warnings: [stopped(side, error)] };
  }
}

async function cleanupTargetOf(
  side: Side,
  place: SidePlan,
  container: string | undefined,
  world: TransferContext,
): Promise<CleanupTarget> {
  const { pipeline, request } = place;
  const services = world.connect(side, request);
  return {
    side,
    runs: pipeline === null ? null : { archive: await services.archive(pipeline), pipeline },
    container: container === undefined ? null : await services.container(container),
  };
}

function warningsOf({ side, runs, blobs, bytes }: CleanupResult, days: number): string {
  return `cleaned up the ${side} side: ${runs} runs and ${blobs} blobs (${formatBytes(bytes)}) older than ${days} days`;
}

/** Removes what transfers older than `cleanup` have left on the sides of this one, if it went well. */
export async function removeStale(
  request: TransferRequest,
  result: ModeResult,
  containers: Readonly<Partial<Record<Side, string>>>,
  world: TransferContext,
): Promise<readonly CleanupResult[]> {
  if (request.mode === 'doctor' || request.cleanupDays === null || !wentWell(result)) return [];
  const before = world.clock.now() - request.cleanupDays * DAY;
  const places = sidePlansOf(request);
  const swept: CleanupResult[] = [];
  for (const side of ['source', 'target'] as const) {
    const place = places[side];
    if (place === null) continue;
    const done = await cleanSide(side, place, containers[side], world, before);
    world.onEvent({ kind: 'said', batch: null, text: warningsOf(done, request.cleanupDays) });
    swept.push(done);
  }
  return swept;
}
