/** Removes old runs, blobs, and documents from both sides. */
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

/** The runs and the container of one side. */
interface CleanupTarget {
  readonly side: Side;
  /** Null without a pipeline. */
  readonly runs: { readonly archive: RunArchive; readonly pipeline: PipelineId } | null;
  /** Null if the container is unknown. */
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
  const stale = (await staleTransfers(container, before)).flatMap(({ blobs }) => blobs);
  const removed = await removeBlobs(container, stale);
  return { blobs: removed.length, bytes: removed.reduce((sum, { bytes }) => sum + bytes, 0) };
}

const failedMessage = (side: Side, error: unknown): string =>
  `The cleanup of the ${side} side failed: ${toTransferError(error).facts.message}`;

/** Turns an error into a warning, because a failed cleanup must not fail a successful transfer. */
async function collectWarning<Result>(
  side: Side,
  otherwise: Result,
  warnings: string[],
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    warnings.push(failedMessage(side, error));
    return otherwise;
  }
}

/**
 * Removes ended runs and transfer blobs of this action from one side. Keeps receipts and histories, because later transfers
 * are compared with them.
 * @param before removes only what is older, milliseconds since the epoch
 */
export async function cleanTarget(target: CleanupTarget, before: number): Promise<CleanupResult> {
  const { side } = target;
  const warnings: string[] = [];
  const runs = await collectWarning(side, 0, warnings, () => removeRuns(target, before));
  const blobs = await collectWarning(side, { blobs: 0, bytes: 0 }, warnings, () => removeTransfers(target, before));
  return { side, runs, ...blobs, warnings };
}

const DAY = 24 * 60 * 60 * 1000;

/** Whether a transfer succeeded. After a failure, a later attempt might need the blobs of earlier ones. */
const hasSucceeded = ({ dryRun, failures, batches }: ModeResult): boolean =>
  !dryRun &&
  failures.length === 0 &&
  batches.every(({ failure, artifacts }) => failure === null && artifacts.every(({ outcome }) => outcome !== 'failed'));

async function cleanSide(
  side: Side,
  sidePlan: SidePlan,
  container: string | undefined,
  context: TransferContext,
  before: number,
): Promise<CleanupResult> {
  try {
    return await cleanTarget(await cleanupTargetOf(side, sidePlan, container, context), before);
  } catch (error) {
    return { side, runs: 0, blobs: 0, bytes: 0, warnings: [failedMessage(side, error)] };
  }
}

async function cleanupTargetOf(
  side: Side,
  { pipeline, request }: SidePlan,
  container: string | undefined,
  context: TransferContext,
): Promise<CleanupTarget> {
  const services = context.connect(side, request);
  return {
    side,
    runs: pipeline === null ? null : { archive: await services.archive(pipeline), pipeline },
    container: container === undefined ? null : await services.container(container),
  };
}

function logLine({ side, runs, blobs, bytes }: CleanupResult, days: number): string {
  return `cleaned up the ${side} side: ${runs} runs and ${blobs} blobs (${formatBytes(bytes)}) older than ${days} days`;
}

/** Removes what is older than the input `cleanup` from the sides of a successful transfer. */
export async function removeStale(
  request: TransferRequest,
  result: ModeResult,
  containers: Readonly<Partial<Record<Side, string>>>,
  context: TransferContext,
): Promise<readonly CleanupResult[]> {
  if (request.mode === 'doctor' || request.cleanupDays === null || !hasSucceeded(result)) return [];
  const before = context.clock.now() - request.cleanupDays * DAY;
  const sidePlans = sidePlansOf(request);
  const results: CleanupResult[] = [];
  for (const side of ['source', 'target'] as const) {
    const sidePlan = sidePlans[side];
    if (sidePlan === null) continue;
    const cleaned = await cleanSide(side, sidePlan, containers[side], context, before);
    context.onEvent({ kind: 'said', batch: null, text: logLine(cleaned, request.cleanupDays) });
    results.push(cleaned);
  }
  return results;
}
