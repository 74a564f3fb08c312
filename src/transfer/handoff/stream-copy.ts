/** Through the runner: ranges down and blocks up, several at a time, every byte hashed on its way. */
import { transferError } from '../errors/index.ts';
import { blockId, readBlockId, type BlockInfo, type BlockSource } from '../model/block-id.ts';
import type { Md5Chain } from '../ports/hasher.ts';
import { blockBytes, blockSpans, MAX_CHECKED_RANGE, type BlockSpan } from './block-plan.ts';
import { arrivedBlocks, copyBlocks, retryBlock, type BlobUpload, type UploadedBlocks } from './block-upload.ts';

const base64 = (bytes: Buffer): string => bytes.toString('base64');

/** Blocks that have arrived without a gap from the beginning: only there the MD5 of the whole can go on. */
async function arrivedBefore(
  staging: BlobUpload,
  family: BlockSource,
  spans: readonly BlockSpan[],
): Promise<readonly ArrivedBlockInfo[]> {
  // Of a single block nothing could be saved.
  if (spans.length < 2) return [];
  const arrived = new Map<number, ArrivedBlockInfo>();
  for (const { id, size } of await arrivedBlocks(staging)) {
    const mark = readBlockId(family, id);
    if (mark === null || spans[mark.index]?.size !== size) continue;
    // One of two attempts has read something else here, and nobody can tell which: each chain must stay by itself.
    if (arrived.has(mark.index)) return [];
    arrived.set(mark.index, { ...mark, id });
  }
  const gap = spans.findIndex(({ index }) => !arrived.has(index));
  return [...arrived.values()].sort((a, b) => a.index - b.index).slice(0, gap === -1 ? spans.length : gap);
}

interface ArrivedBlockInfo extends BlockInfo {
  readonly id: string;
}

/** What was computed of a block. */
interface BlockHash {
  /** MD5 of the block, 16 bytes. */
  readonly md5: Buffer;
  /** MD5 state of the whole after it, and after the last block its MD5; 16 bytes. */
  readonly state: Buffer;
}

/** What is done with a range that has come down. */
interface RangeUse<Result extends Pick<BlockHash, 'md5'>> {
  readonly hash: (bytes: Buffer) => Promise<Result>;
  /** Told before it is hashed: the line down is free for another one. */
  readonly down?: () => void;
}

/** Reads one range and hashes it, and again when it is not what the source has computed of it (ACRT5011). */
const readRange = <Result extends Pick<BlockHash, 'md5'>>(
  staging: BlobUpload,
  { offset, into }: { readonly offset: number; readonly into: Buffer },
  { hash, down = () => undefined }: RangeUse<Result>,
  signal: AbortSignal,
): Promise<Result> =>
  retryBlock(staging, signal, async () => {
    const { sides, name, facts } = staging;
    // Also one that is tried again after a pause leaves the line to others meanwhile.
    const said = await sides.source.read(name, { offset, etag: facts.etag }, into, signal).finally(down);
    const hashed = await hash(into);
    if (said === null || said === base64(hashed.md5)) return hashed;
    const values = { blob: name, offset: String(offset), where: 'on its way down' };
    throw transferError('ACRT5011', values, { temporary: { retryAfterSeconds: null, throttled: false } });
  });

/** Reads one block, in ranges of which the source tells the MD5. One range is hashed once, for itself and for the whole. */
async function readBlock(
  staging: BlobUpload,
  { offset }: BlockSpan,
  into: Buffer,
  use: RangeUse<BlockHash>,
  signal: AbortSignal,
): Promise<BlockHash> {
  if (into.length <= MAX_CHECKED_RANGE) return readRange(staging, { offset, into }, use, signal);
  const alone = { hash: async (bytes: Buffer) => ({ md5: await staging.crossing.hashing.md5(bytes) }) };
  for (const part of blockSpans(into.length, MAX_CHECKED_RANGE)) {
    const bytes = into.subarray(part.offset, part.offset + part.size);
    await readRange(staging, { offset: offset + part.offset, into: bytes }, alone, signal);
  }
  use.down?.();
  return use.hash(into);
}

/** The MD5 of the whole, block after block in their order, whichever is there first. */
function wholeMd5({ hashing }: BlobUpload['crossing'], last: number, before: Md5Chain | null) {
  let chain: Promise<Md5Chain | null> = Promise.resolve(before);
  return {
    /** Takes the place of the next block, and gives what hashes it when its bytes are there. */
    next: ({ index, offset, size }: BlockSpan) => {
      const previous = chain;
      const { promise, resolve, reject } = Promise.withResolvers<Md5Chain | null>();
      chain = promise;
      // Nobody may wait for it once the copy has failed.
      promise.catch(() => undefined);
      return {
        /** Can be done again: nobody goes on from here before it is accepted. */
        hash: async (bytes: Buffer): Promise<BlockHash> => {
          const so = await previous;
          if (index === last) {
            const { md5, whole } = await hashing.finish(bytes, so);
            return { md5, state: whole };
          }
          const linked = await hashing.link(bytes, so);
          return { md5: linked.md5, state: linked.chain.state };
        },
        accept: ({ state }: BlockHash) => {
          resolve({ bytes: offset + size, state });
        },
        // Who waits for this block would try again after what may pass. The failure itself is told by the block that has it.
        fail: (error: unknown) => {
          reject(new Error('a block before this one has failed', { cause: error }));
        },
      };
    },
    /** After the last block its state is the MD5; an empty blob has none. */
    digest: async (): Promise<Buffer> => (await chain)?.state ?? (await hashing.md5(Buffer.alloc(0))),
  };
}

/**
 * Copies a blob's bytes into blocks at the target that are not committed yet. The source is pinned by its ETag. Blocks that
 * an earlier attempt has brought are not carried again.
 * @param anew carries all blocks, whatever is there
 * @throws ACRT5003 changed under way, ACRT5011 damaged under way, ACRT5012 too large
 */
export async function streamBlob(staging: BlobUpload, anew: boolean): Promise<UploadedBlocks> {
  const { sides, name, facts, crossing } = staging;
  const family = {
    method: 'stream',
    etag: facts.etag,
    blockBytes: blockBytes(name, facts.size, 'stream', crossing.bandwidth),
  } as const;
  const spans = blockSpans(facts.size, family.blockBytes);
  crossing.hashing.expect(Math.min(facts.size, family.blockBytes));
  const arrived = anew ? [] : await arrivedBefore(staging, family, spans);
  const blockIds = arrived.map(({ id }) => id);
  const state = arrived.at(-1)?.state ?? null;
  const last = spans.length - 1;
  if (state !== null && arrived.length === spans.length) {
    return { blockIds, md5: base64(state), moved: 0, reused: facts.size };
  }
  const reused = arrived.length * family.blockBytes;
  const whole = wholeMd5(crossing, last, state === null ? null : { bytes: reused, state });
  const load = { spans: spans.slice(arrived.length), reused, memory: family.blockBytes };
  const moved = await copyBlocks(staging, load, async (span, signal, turn) => {
    const place = whole.next(span);
    const memory = crossing.memory.borrow(family.blockBytes);
    try {
      const bytes = memory.subarray(0, span.size);
      const hashed = await readBlock(staging, span, bytes, { hash: place.hash, down: turn }, signal);
      place.accept(hashed);
      const id = blockId(family, { index: span.index, ...hashed });
      const block = { id, offset: span.offset, bytes, md5: base64(hashed.md5) };
      await retryBlock(staging, signal, () => sides.target.stage(name, block, signal));
      blockIds[span.index] = id;
      // After a failure somebody may still be reading it.
      crossing.memory.giveBack(memory);
    } catch (error) {
      place.fail(error);
      throw error;
    }
  });
  return { blockIds, md5: base64(await whole.digest()), moved, reused };
}
