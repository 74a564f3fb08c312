/** Removes old runs, blobs, and documents from both sides. */
import { toTransferError } from '../errors/index.ts';
import { formatBytes } from '../model/bytes.ts';
import type { PipelineId } from '../model/pipeline-id.ts';
import type { TransferRequest } from '../model/request.ts';
import type { CleanupResult, TransferResult } from '../model/result.ts';
import { sidePlansOf, type Side, type SidePlan } from '../model/side.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import type { TransferContext } from '../ports/context.ts';
import type { RunArchive } from '../ports/pipelines.ts';
import { withDeadline } from '../resilience/deadline.ts';
import { endedRuns, removeBlobs, staleTransfers } from './leftovers.ts';

/** The runs and the container of one side. */
interface CleanupTarget {
  readonly side: Side;
  /** Null without a pipeline. */
  readonly runs: { readonly archive: RunArchive; readonly pipeline: PipelineId } | null;
  /** Null if the container is unknown. */
  readonly container: BlobContainer | null;
}

/** Starts work unless the signal has aborted, and waits for it until then. */
async function untilAborted<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  signal.throwIfAborted();
  return withDeadline(signal, work);
}

/** What was removed so far. */
interface Removed {
  runs: number;
  blobs: number;
  bytes: number;
}

async function removeRuns({ runs }: CleanupTarget, { before, signal }: Limits, removed: Removed): Promise<void> {
  if (runs === null) return;
  const { archive, pipeline } = runs;
  const all = await untilAborted(signal, archive.list);
  for (const { name } of endedRuns(all, pipeline.resourceId, before)) {
    await untilAborted(signal, () => archive.remove(name));
    removed.runs += 1;
  }
}

async function removeTransfers({ container }: CleanupTarget, limits: Limits, removed: Removed): Promise<void> {
  if (container?.remove == null) return;
  const { before, signal } = limits;
  const stale = (await untilAborted(signal, () => staleTransfers(container, before))).flatMap(({ blobs }) => blobs);
  await removeBlobs(container, stale, signal, ({ bytes }) => {
    removed.blobs += 1;
    removed.bytes += bytes;
  });
}

function failedMessage(side: Side, error: unknown, signal: AbortSignal): string {
  if (!signal.aborted) return `The cleanup of the ${side} side failed: ${toTransferError(error).facts.message}`;
  const isTimeout = (signal.reason as Error).name === 'TimeoutError';
  const cause = isTimeout ? 'the time limit was reached' : 'the step was canceled';
  return `The cleanup of the ${side} side is incomplete, because ${cause}. The next cleanup removes the rest.`;
}

/** Limits of a cleanup. */
export interface Limits {
  /** Removes only what is older, milliseconds since the epoch. */
  readonly before: number;
  /** Ends the cleanup. */
  readonly signal: AbortSignal;
}

/**
 * Removes ended runs and transfer blobs of this action from one side. Keeps receipts and histories, because later transfers
 * are compared with them. An error becomes a warning, because a failed cleanup must not fail a successful transfer.
 */
export async function cleanTarget(target: CleanupTarget, limits: Limits): Promise<CleanupResult> {
  const removed: Removed = { runs: 0, blobs: 0, bytes: 0 };
  const warnings: string[] = [];
  for (const work of [removeRuns, removeTransfers]) {
    if (limits.signal.aborted && warnings.length > 0) break;
    await work(target, limits, removed).catch((error: unknown) => {
      warnings.push(failedMessage(target.side, error, limits.signal));
    });
  }
  return { side: target.side, ...removed, warnings };
}

const DAY = 24 * 60 * 60 * 1000;

/** Whether a transfer succeeded. After a failure, a later attempt might need the blobs of earlier ones. */
const hasSucceeded = ({ dryRun, failures, batches }: TransferResult): boolean =>
  !dryRun &&
  failures.length === 0 &&
  batches.every(({ failure, artifacts }) => failure === null && artifacts.every(({ outcome }) => outcome !== 'failed'));

async function cleanSide(
  side: Side,
  sidePlan: SidePlan,
  container: string | null,
  context: TransferContext,
  limits: Limits,
): Promise<CleanupResult> {
  const { signal } = limits;
  try {
    const target = await untilAborted(signal, () => cleanupTargetOf(side, sidePlan, container, context));
    return await cleanTarget(target, limits);
  } catch (error) {
    return { side, runs: 0, blobs: 0, bytes: 0, warnings: [failedMessage(side, error, signal)] };
  }
}

async function cleanupTargetOf(
  side: Side,
  { pipeline, request }: SidePlan,
  container: string | null,
  context: TransferContext,
): Promise<CleanupTarget> {
  const services = context.connect(side, request);
  return {
    side,
    runs: pipeline === null ? null : { archive: await services.archive(pipeline), pipeline },
    container: container === null ? null : await services.container(container),
  };
}

function logLine({ side, runs, blobs, bytes }: CleanupResult, days: number): string {
  return `cleaned up the ${side} side: ${runs} runs and ${blobs} blobs (${formatBytes(bytes)}) older than ${days} days`;
}

/**
 * Removes what is older than the input `cleanup` from the sides of a successful transfer. Runs after the result is reported,
 * so that an interrupted cleanup can't lose it.
 * @returns null if nothing has to be removed
 */
export async function removeStale(
  request: TransferRequest,
  result: TransferResult,
  context: TransferContext,
): Promise<readonly CleanupResult[] | null> {
  if (request.mode === 'doctor' || request.cleanupDays === null || !hasSucceeded(result)) return null;
  const { clock, signal, onEvent } = context;
  const limits = { before: clock.now() - request.cleanupDays * DAY, signal };
  const sidePlans = sidePlansOf(request);
  const results: CleanupResult[] = [];
  for (const side of ['source', 'target'] as const) {
    const sidePlan = sidePlans[side];
    if (sidePlan === null) continue;
    const cleaned = await cleanSide(side, sidePlan, result.sides?.[side]?.container ?? null, context, limits);
    onEvent({ kind: 'message', batch: null, text: logLine(cleaned, request.cleanupDays) });
    results.push(cleaned);
  }
  return results;
}
