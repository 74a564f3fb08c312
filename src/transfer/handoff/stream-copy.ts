/** Copies through the runner: downloads ranges, hashes every byte, and uploads blocks, several at a time. */
import { transferError } from '../errors/index.ts';
import { blockId, readBlockId, type BlockInfo, type BlockSource } from '../model/block-id.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import type { Md5Chain } from '../ports/hasher.ts';
import { blockBytes, blockSpans, MAX_CHECKED_RANGE, type BlockSpan } from './block-plan.ts';
import { arrivedBlocks, copyBlocks, retryBlock, type BlobUpload, type UploadedBlocks } from './block-upload.ts';

const base64 = (bytes: Buffer): string => bytes.toString('base64');

interface ArrivedBlockInfo extends BlockInfo {
  readonly id: string;
}

/** Finds the blocks of an earlier attempt, up to the first gap. The MD5 of the blob can only be resumed there. */
async function findReusableBlocks(
  upload: BlobUpload,
  blockSource: BlockSource,
  spans: readonly BlockSpan[],
): Promise<readonly ArrivedBlockInfo[]> {
  // A single block can't be resumed.
  if (spans.length < 2) return [];
  const arrived = new Map<number, ArrivedBlockInfo>();
  for (const { id, size } of await arrivedBlocks(upload)) {
    const info = readBlockId(blockSource, id);
    if (info === null || spans[info.index]?.size !== size) continue;
    // Two attempts read different bytes here. Their chains must not be mixed, and it's unknown which one is correct.
    if (arrived.has(info.index)) return [];
    arrived.set(info.index, { ...info, id });
  }
  const gap = spans.findIndex(({ index }) => !arrived.has(index));
  return [...arrived.values()].sort((a, b) => a.index - b.index).slice(0, gap === -1 ? spans.length : gap);
}

/** Hashes of a block. */
interface BlockHash {
  /** MD5 of the block, 16 bytes. */
  readonly md5: Buffer;
  /** MD5 state of the blob after this block, or the blob's MD5 after the last block; 16 bytes. */
  readonly state: Buffer;
}

/** Processes a downloaded range. */
interface RangeHandler<Result extends Pick<BlockHash, 'md5'>> {
  readonly hash: (bytes: Buffer) => Promise<Result>;
  /** Called before the range is hashed, when the next download can start. */
  readonly onDownloaded?: () => void;
}

/** Reads and hashes one range. Reads it again if its MD5 differs from the one that the source returns (ACRT5011). */
const readRange = <Result extends Pick<BlockHash, 'md5'>>(
  upload: BlobUpload,
  { offset, into }: { readonly offset: number; readonly into: Buffer },
  { hash, onDownloaded = () => undefined }: RangeHandler<Result>,
  signal: AbortSignal,
): Promise<Result> =>
  retryBlock(upload, signal, async () => {
    const { containers, name, facts } = upload;
    // Also called after a failure, so that other blocks can download while this one waits for its retry.
    const expectedMd5 = await containers.source
      .read(name, { offset, etag: facts.etag }, into, signal)
      .finally(onDownloaded);
    const hashed = await hash(into);
    if (expectedMd5 === null || expectedMd5 === base64(hashed.md5)) return hashed;
    const values = { blob: name, offset: String(offset), where: 'during the download from the source' };
    throw transferError('ACRT5011', values, { temporary: { retryAfterSeconds: null, throttled: false } });
  });

/** Reads one block in ranges whose MD5 the source returns. A block of one range is hashed in a single pass. */
async function readBlock(
  upload: BlobUpload,
  { offset }: BlockSpan,
  into: Buffer,
  handler: RangeHandler<BlockHash>,
  signal: AbortSignal,
): Promise<BlockHash> {
  if (into.length <= MAX_CHECKED_RANGE) return readRange(upload, { offset, into }, handler, signal);
  const rangeOnly = { hash: async (bytes: Buffer) => ({ md5: await upload.copyContext.hasher.md5(bytes) }) };
  for (const part of blockSpans(into.length, MAX_CHECKED_RANGE)) {
    const bytes = into.subarray(part.offset, part.offset + part.size);
    await readRange(upload, { offset: offset + part.offset, into: bytes }, rangeOnly, signal);
  }
  handler.onDownloaded?.();
  return handler.hash(into);
}

/** Computes the MD5 of the blob from its blocks in order, even if they are downloaded out of order. */
function blobMd5({ hasher }: BlobUpload['copyContext'], last: number, before: Md5Chain | null) {
  let chain: Promise<Md5Chain | null> = Promise.resolve(before);
  return {
    /** Adds the next block to the chain. Returns the functions that hash it once its bytes are downloaded. */
    next: ({ index, offset, size }: BlockSpan) => {
      const previous = chain;
      const { promise, resolve, reject } = Promise.withResolvers<Md5Chain | null>();
      chain = promise;
      // After a failed copy, no caller awaits this promise.
      promise.catch(() => undefined);
      return {
        /** Can be called again, because the next block waits until the result is accepted. */
        hash: async (bytes: Buffer): Promise<BlockHash> => {
          const chainBefore = await previous;
          if (index === last) {
            const { md5, whole } = await hasher.finish(bytes, chainBefore);
            return { md5, state: whole };
          }
          const linked = await hasher.link(bytes, chainBefore);
          return { md5: linked.md5, state: linked.chain.state };
        },
        accept: ({ state }: BlockHash) => {
          resolve({ bytes: offset + size, state });
        },
        // Blocks that wait for this one get a permanent error, so that they don't retry. This block reports the cause.
        fail: (error: unknown) => {
          reject(new Error('An earlier block of this blob failed', { cause: error }));
        },
      };
    },
    /** After the last block, the state is the MD5. An empty blob has no blocks, so its MD5 is computed here. */
    digest: async (): Promise<Buffer> => (await chain)?.state ?? (await hasher.md5(Buffer.alloc(0))),
  };
}

/**
 * Computes the MD5 of a blob from its bytes, several ranges at a time, in the memory of the blocks in flight. The ETag pins
 * the blob.
 * @throws ACRT5003 changed meanwhile, ACRT5011 damaged during the download
 */
export async function hashBlob(container: BlobContainer, blob: Omit<BlobUpload, 'containers'>): Promise<string> {
  const { onProgress } = blob.stageContext;
  const stageContext: BlobUpload['stageContext'] = {
    ...blob.stageContext,
    onProgress: (progress) => {
      onProgress(progress.unit === 'bytes' ? { ...progress, unit: 'hashed bytes' } : progress);
    },
  };
  const upload: BlobUpload = { ...blob, stageContext, containers: { source: container, target: container } };
  const { facts, copyContext } = upload;
  const spans = blockSpans(facts.size, MAX_CHECKED_RANGE);
  copyContext.hasher.expect(Math.min(facts.size, MAX_CHECKED_RANGE));
  const whole = blobMd5(copyContext, spans.length - 1, null);
  const blocks = { spans, reused: 0, memory: MAX_CHECKED_RANGE };
  await copyBlocks(upload, blocks, async (span, signal, onDownloaded) => {
    const link = whole.next(span);
    const buffer = copyContext.buffers.acquire(MAX_CHECKED_RANGE);
    try {
      const handler = { hash: link.hash, onDownloaded };
      link.accept(await readBlock(upload, span, buffer.subarray(0, span.size), handler, signal));
      copyContext.buffers.release(buffer);
    } catch (error) {
      link.fail(error);
      throw error;
    }
  });
  return base64(await whole.digest());
}

/**
 * Copies a blob's bytes to blocks at the target, without committing them. The ETag pins the source. Blocks of earlier
 * attempts are reused.
 * @param restart copies all blocks, and reuses none
 * @throws ACRT5003 changed during the copy, ACRT5011 damaged during the copy, ACRT5012 too large
 */
export async function streamBlob(upload: BlobUpload, restart: boolean): Promise<UploadedBlocks> {
  const { containers, name, facts, copyContext } = upload;
  const blockSource = {
    method: 'stream',
    etag: facts.etag,
    blockBytes: blockBytes(name, facts.size, 'stream', copyContext.bandwidth),
  } as const;
  const spans = blockSpans(facts.size, blockSource.blockBytes);
  copyContext.hasher.expect(Math.min(facts.size, blockSource.blockBytes));
  const arrived = restart ? [] : await findReusableBlocks(upload, blockSource, spans);
  const blockIds = arrived.map(({ id }) => id);
  const state = arrived.at(-1)?.state ?? null;
  const last = spans.length - 1;
  if (state !== null && arrived.length === spans.length) {
    return { blockIds, md5: base64(state), moved: 0, reused: facts.size };
  }
  const reused = arrived.length * blockSource.blockBytes;
  const whole = blobMd5(copyContext, last, state === null ? null : { bytes: reused, state });
  const blocks = { spans: spans.slice(arrived.length), reused, memory: blockSource.blockBytes };
  const moved = await copyBlocks(upload, blocks, async (span, signal, onDownloaded) => {
    const link = whole.next(span);
    const buffer = copyContext.buffers.acquire(blockSource.blockBytes);
    try {
      const bytes = buffer.subarray(0, span.size);
      const hashed = await readBlock(upload, span, bytes, { hash: link.hash, onDownloaded }, signal);
      link.accept(hashed);
      const id = blockId(blockSource, { index: span.index, ...hashed });
      const block = { id, offset: span.offset, bytes, md5: base64(hashed.md5) };
      await retryBlock(upload, signal, () => containers.target.stage(name, block, signal));
      blockIds[span.index] = id;
      // Only after success. After a failure, an upload or a hash might still read the buffer.
      copyContext.buffers.release(buffer);
    } catch (error) {
      link.fail(error);
      throw error;
    }
  });
  return { blockIds, md5: base64(await whole.digest()), moved, reused };
}
