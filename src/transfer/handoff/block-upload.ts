/** Copies the blocks of one blob, several at a time. */
import type { BlobFacts } from '../model/blob.ts';
import type { ArrivedBlock, BlobContainer } from '../ports/blob-container.ts';
import type { StageContext } from '../ports/context.ts';
import { afterTemporaryErrors, retry } from '../resilience/retry.ts';
import type { BlockSpan } from './block-plan.ts';
import type { Slot } from './block-scheduler.ts';
import type { CopyContext } from './copy-context.ts';

/** The containers that blobs are copied between. */
export interface CopyContainers {
  readonly source: BlobContainer;
  readonly target: BlobContainer;
}

/** The copy of one blob in progress. */
export interface BlobUpload {
  readonly containers: CopyContainers;
  readonly name: string;
  /** The version of the source blob that is copied. */
  readonly facts: BlobFacts;
  readonly copyContext: CopyContext;
  readonly stageContext: StageContext;
}

/** All blocks of a blob, uploaded and ready to be committed. */
export interface UploadedBlocks {
  readonly blockIds: readonly string[];
  /** MD5 of the blob, base64. */
  readonly md5: string;
  /** Bytes that this attempt copied. */
  readonly moved: number;
  /** Bytes that an earlier attempt copied. */
  readonly reused: number;
}

/** Retries a request after temporary errors. */
export const retryBlock = <Result>(
  { copyContext, stageContext }: Pick<BlobUpload, 'copyContext' | 'stageContext'>,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> =>
  retry(work, {
    clock: stageContext.clock,
    signal,
    delaySeconds: afterTemporaryErrors(copyContext.scheduler.backOff),
  });

/** Lists the uncommitted blocks of the blob at the target. */
export const arrivedBlocks = ({ containers, name }: BlobUpload): Promise<readonly ArrivedBlock[]> =>
  containers.target.arrived(name);

/** Total size of blocks, bytes. */
export const bytesOf = (spans: readonly BlockSpan[]): number => spans.reduce((sum, { size }) => sum + size, 0);

/**
 * Copies one block.
 * @param onDownloaded called when a block that passes through this runner is downloaded, before its upload
 */
type CopyBlock = (span: BlockSpan, signal: AbortSignal, onDownloaded: () => void) => Promise<void>;

/** The blocks of one blob to copy. */
interface BlocksToCopy {
  readonly spans: readonly BlockSpan[];
  /** Bytes of the blob that an earlier attempt copied. */
  readonly reused: number;
  /** Bytes that one block needs on this runner. */
  readonly memory: number;
}

/**
 * Copies blocks of one blob. Starts them in order, as many at a time as the scheduler admits. Stops at the first failure.
 * @returns bytes that were copied
 */
export async function copyBlocks(
  { copyContext, facts, stageContext }: BlobUpload,
  { spans, reused, memory }: BlocksToCopy,
  copyBlock: CopyBlock,
): Promise<number> {
  const failed = new AbortController();
  const signal = AbortSignal.any([stageContext.signal, failed.signal]);
  const before = facts.size - bytesOf(spans);
  let moved = 0;
  const inProgress = new Set<Promise<void>>();
  const reportProgress = (): void => {
    stageContext.onProgress({ unit: 'bytes', done: before + moved, total: facts.size, reused });
  };
  const copyOne = async (span: BlockSpan, { downloaded, release }: Slot): Promise<void> => {
    let arrived = 0;
    try {
      signal.throwIfAborted();
      await copyBlock(span, signal, downloaded);
      arrived = span.size;
      moved += arrived;
      reportProgress();
    } catch (error) {
      failed.abort(error);
    } finally {
      release(arrived);
    }
  };
  const start = async (span: BlockSpan): Promise<void> => {
    const slot = await copyContext.scheduler.acquire(memory);
    // The rate limit applies here, not within the block's work, so that blocks start in order.
    await copyContext.rateLimit(span.size, signal).catch((error: unknown) => {
      failed.abort(error);
    });
    const work: Promise<void> = copyOne(span, slot).finally(() => inProgress.delete(work));
    inProgress.add(work);
  };
  reportProgress();
  for (const span of spans) {
    if (signal.aborted) break;
    await start(span);
  }
  await Promise.all(inProgress);
  signal.throwIfAborted();
  return moved;
}
