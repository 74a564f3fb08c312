/** Uploads the blocks of one blob. */
import type { BlobFacts } from '../model/blob.ts';
import type { ArrivedBlock, BlobContainer } from '../ports/blob-container.ts';
import type { StageContext } from '../ports/context.ts';
import { retry } from '../resilience/retry.ts';
import type { BlockSpan } from './block-plan.ts';
import type { Slot } from './block-scheduler.ts';
import type { CopyContext } from './copy-context.ts';

/** Both ends of a handoff. */
export interface CopyEnds {
  readonly source: BlobContainer;
  readonly target: BlobContainer;
}

/** One blob on its way. */
export interface BlobUpload {
  readonly sides: CopyEnds;
  readonly name: string;
  /** The version of the source that is carried. */
  readonly facts: BlobFacts;
  readonly crossing: CopyContext;
  readonly tools: StageContext;
}

/** Blocks of a blob that wait at the target, ready to be committed. */
export interface UploadedBlocks {
  readonly blockIds: readonly string[];
  /** MD5 of the whole, base64. */
  readonly md5: string;
  /** Bytes that moved. */
  readonly moved: number;
  /** Bytes that an earlier attempt had brought. */
  readonly reused: number;
}

/** Tries a request of a blob again after what may pass. */
export const retryBlock = <Result>(
  { crossing, tools }: Pick<BlobUpload, 'crossing' | 'tools'>,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> => retry(work, { clock: tools.clock, signal, onThrottled: crossing.flow.ease });

/** Blocks of a blob that have arrived. */
export const arrivedBlocks = ({ sides, name }: BlobUpload): Promise<readonly ArrivedBlock[]> =>
  sides.target.arrived(name);

/** Bytes of blocks. */
export const bytesOf = (spans: readonly BlockSpan[]): number => spans.reduce((sum, { size }) => sum + size, 0);

/**
 * Carries one block.
 * @param turn to be called when it has come down and goes up, where it passes through this runner
 */
export type CopyBlock = (span: BlockSpan, signal: AbortSignal, turn: () => void) => Promise<void>;

/** The blocks of one blob that are to be carried. */
export interface BlocksToCopy {
  readonly spans: readonly BlockSpan[];
  /** Bytes of the blob that an earlier attempt has brought. */
  readonly reused: number;
  /** Bytes that one block takes on this runner. */
  readonly memory: number;
}

/**
 * Carries blocks of one blob, begun in their order, as many at a time as the flow admits. The first that fails ends all.
 * @returns bytes that moved
 */
export async function copyBlocks(
  { crossing, facts, tools }: BlobUpload,
  { spans, reused, memory }: BlocksToCopy,
  carry: CopyBlock,
): Promise<number> {
  const failed = new AbortController();
  const signal = AbortSignal.any([tools.signal, failed.signal]);
  const before = facts.size - bytesOf(spans);
  let moved = 0;
  const underway = new Set<Promise<void>>();
  const tell = (): void => {
    tools.onProgress({ unit: 'bytes', done: before + moved, total: facts.size, reused });
  };
  const one = async (span: BlockSpan, { turn, leave }: Slot): Promise<void> => {
    let arrived = 0;
    try {
      signal.throwIfAborted();
      await carry(span, signal, turn);
      arrived = span.size;
      moved += arrived;
      tell();
    } catch (error) {
      failed.abort(error);
    } finally {
      leave(arrived);
    }
  };
  const begin = async (span: BlockSpan): Promise<void> => {
    const pass = await crossing.flow.enter(memory);
    // Not part of the block's own work: waits that end out of order must not begin blocks out of order.
    await crossing.pace(span.size, signal).catch((error: unknown) => {
      failed.abort(error);
    });
    const work: Promise<void> = one(span, pass).finally(() => underway.delete(work));
    underway.add(work);
  };
  tell();
  for (const span of spans) {
    if (signal.aborted) break;
    await begin(span);
  }
  await Promise.all(underway);
  signal.throwIfAborted();
  return moved;
}
