import { createHash } from 'node:crypto';
import pLimit from 'p-limit';
import type { BlobContainer, BlobFacts } from './services.ts';

/** A block is this large unless the blob would need too many of them; `npm run bench -- memory` has what it comes to. */
const BLOCK_BYTES = 4 * 1024 * 1024;
const BLOCKS_AT_A_TIME = 4;
/** A block blob has at most 50,000 blocks (Azure Blob Storage: Put Block List). */
const MOST_BLOCKS = 50_000;

/** What copying takes. */
export interface CopyOptions {
  readonly signal: AbortSignal;
  /** Bytes that have arrived, of the blob's size. */
  readonly onBytes: (done: number) => void;
}

/** Staged blocks of a blob, ready to be committed. */
export interface StagedBlob {
  readonly blockIds: readonly string[];
  /** MD5 of all bytes as they passed, base64. */
  readonly md5: string;
}

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('base64');

/** Carries the version of the source, so that two handoffs of different versions never commit each other's blocks. */
const blockId = (etag: string, index: number): string =>
  Buffer.from(`${md5(Buffer.from(etag)).slice(0, 10)}${String(index).padStart(6, '0')}`).toString('base64');

/** Bytes of a block: 4 MiB, or as many as keep a blob of this size under the limit of blocks. */
export const blockBytes = (size: number): number => Math.max(BLOCK_BYTES, Math.ceil(size / MOST_BLOCKS));

/** Lets tasks take their turn in the order in which they asked, whichever is ready first. */
function turnstile(): () => { readonly turn: Promise<void>; readonly done: () => void } {
  let last = Promise.resolve();
  return () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const turn = last;
    last = promise;
    return {
      turn,
      done: () => {
        resolve(undefined);
      },
    };
  };
}

/** Lends memory for the blocks in flight. What is made once is used again, so that it does not pile up before the collector. */
function memory(bytes: number): { readonly borrow: () => Buffer; readonly giveBack: (block: Buffer) => void } {
  const idle: Buffer[] = [];
  return { borrow: () => idle.pop() ?? Buffer.allocUnsafeSlow(bytes), giveBack: (block) => idle.push(block) };
}

/**
 * Copies a blob's bytes into uncommitted blocks of the target: ranges down and blocks up, several at a time. The source is
 * pinned by its ETag, every block is checked by its MD5 on arrival, and the whole is hashed as it passes, in order.
 * Nothing is visible at the target until the caller commits.
 */
export async function stageBlob(
  source: BlobContainer,
  target: BlobContainer,
  name: string,
  facts: BlobFacts,
  options: CopyOptions,
): Promise<StagedBlob> {
  const count = Math.min(blockBytes(facts.size), facts.size);
  const indexes = Array.from({ length: count === 0 ? 0 : Math.ceil(facts.size / count) }, (_, index) => index);
  const whole = createHash('md5');
  const queue = turnstile();
  const blocks = memory(count);
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  let arrived = 0;

  const carry = async (index: number): Promise<string> => {
    const { turn, done } = queue();
    const offset = index * count;
    const block = blocks.borrow();
    try {
      signal.throwIfAborted();
      const bytes = block.subarray(0, Math.min(count, facts.size - offset));
      await source.read(name, { offset, etag: facts.etag }, bytes, signal);
      await turn;
      whole.update(bytes);
      done();
      await target.stage(name, { id: blockId(facts.etag, index), bytes, md5: md5(bytes) }, signal);
      blocks.giveBack(block);
      arrived += bytes.length;
      options.onBytes(arrived);
      return blockId(facts.etag, index);
    } catch (error) {
      failed.abort(error);
      throw error;
    } finally {
      done();
    }
  };

  const blockIds = await pLimit(BLOCKS_AT_A_TIME).map(indexes, carry);
  return { blockIds, md5: whole.digest('base64') };
}
