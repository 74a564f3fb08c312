/** Removes what older transfers have left, after one that went well. */
import { asFailure } from '../failure.ts';
import type { PipelineId } from '../pipeline-id.ts';
import type { Side } from '../services.ts';
import type { BlobContainer } from '../storage.ts';
import { leftTransfers, removeBlobs } from './blobs.ts';
import { endedRuns, type RunArchive } from './runs.ts';

/** Where one side's leftovers are. */
export interface SweptPlace {
  readonly side: Side;
  /** Null where there are no runs. */
  readonly runs: { readonly archive: RunArchive; readonly pipeline: PipelineId } | null;
  /** Null where nobody knows the container. */
  readonly container: BlobContainer | null;
}

/** What is gone. */
export interface Swept {
  readonly side: Side;
  readonly runs: number;
  readonly blobs: number;
  readonly bytes: number;
  /** What kept it from going on. */
  readonly warnings: readonly string[];
}

async function sweepRuns({ runs }: SweptPlace, before: number): Promise<number> {
  if (runs === null) return 0;
  const ended = endedRuns(await runs.archive.list(), runs.pipeline.resourceId, before);
  for (const { name } of ended) await runs.archive.remove(name);
  return ended.length;
}

async function sweepBlobs({ container }: SweptPlace, before: number): Promise<{ blobs: number; bytes: number }> {
  if (container?.remove == null) return { blobs: 0, bytes: 0 };
  const left = (await leftTransfers(container, before)).flatMap(({ blobs }) => blobs);
  const removed = await removeBlobs(container, left);
  return { blobs: removed.length, bytes: removed.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** What is told of a side that could not be cleaned up. */
export const stopped = (side: Side, error: unknown): string =>
  `Cleaning up the ${side} side stopped: ${asFailure(error).facts.message}`;

/** Leftovers are no reason to fail a transfer that went well. */
async function tolerant<Result>(
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
export async function sweep(place: SweptPlace, before: number): Promise<Swept> {
  const warnings: string[] = [];
  const runs = await tolerant(place.side, 0, warnings, () => sweepRuns(place, before));
  const blobs = await tolerant(place.side, { blobs: 0, bytes: 0 }, warnings, () => sweepBlobs(place, before));
  return { side: place.side, runs, ...blobs, warnings };
}
