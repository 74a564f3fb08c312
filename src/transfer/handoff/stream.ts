/** Through the runner: ranges down and blocks up, several at a time, every byte hashed on its way. */
import { failure } from '../failure.ts';
import type { Md5Chain } from '../hashing.ts';
import { blockId, readBlockId, type BlockFamily, type BlockMark } from './block-id.ts';
import { blockBytes, blockSpans, LARGEST_CHECKED_RANGE, type BlockSpan } from './block-plan.ts';
import { arrivedBlocks, carryBlocks, tryAgain, type StagedBlob, type Staging } from './staging.ts';

const base64 = (bytes: Buffer): string => bytes.toString('base64');

/** Blocks that have arrived without a gap from the beginning: only there the MD5 of the whole can go on. */
async function arrivedBefore(
  staging: Staging,
  family: BlockFamily,
  spans: readonly BlockSpan[],
): Promise<readonly ArrivedMark[]> {
  // Of a single block nothing could be saved.
  if (spans.length < 2) return [];
  const arrived = new Map<number, ArrivedMark>();
  for (const { id, size } of await arrivedBlocks(staging)) {
    const mark = readBlockId(family, id);
    if (mark !== null && spans[mark.index]?.size === size) arrived.set(mark.index, { ...mark, id });
  }
  const gap = spans.findIndex(({ index }) => !arrived.has(index));
  return [...arrived.values()].sort((a, b) => a.index - b.index).slice(0, gap === -1 ? spans.length : gap);
}

interface ArrivedMark extends BlockMark {
  readonly id: string;
}

/** Reads one range, and again when it is not what the source has computed of it (ACRT5011). */
const readRange = (staging: Staging, offset: number, into: Buffer, signal: AbortSignal): Promise<Buffer> =>
  tryAgain(staging, signal, async () => {
    const { sides, name, facts, crossing } = staging;
    const said = await sides.source.read(name, { offset, etag: facts.etag }, into, signal);
    const md5 = await crossing.hashing.md5(into);
    if (said === null || said === base64(md5)) return md5;
    const values = { blob: name, offset: String(offset), where: 'on its way down' };
    throw failure('ACRT5011', values, { temporary: { retryAfterSeconds: null, throttled: false } });
  });

/** Reads one block, in ranges of which the source tells the MD5; MD5 of the block. */
async function readBlock(staging: Staging, { offset }: BlockSpan, into: Buffer, signal: AbortSignal): Promise<Buffer> {
  if (into.length <= LARGEST_CHECKED_RANGE) return readRange(staging, offset, into, signal);
  for (const part of blockSpans(into.length, LARGEST_CHECKED_RANGE)) {
    await readRange(staging, offset + part.offset, into.subarray(part.offset, part.offset + part.size), signal);
  }
  return staging.crossing.hashing.md5(into);
}

/** The MD5 of the whole, block after block in their order, whichever is there first. */
function wholeMd5({ hashing }: Staging['crossing'], last: number, before: Md5Chain | null) {
  let chain: Promise<Md5Chain | null> = Promise.resolve(before);
  let whole: Promise<Buffer> | null = null;
  return {
    /** Takes the place of the next block, and gives what hashes it when its bytes are there. */
    next: ({ index }: BlockSpan) => {
      const previous = chain;
      const { promise, resolve, reject } = Promise.withResolvers<Md5Chain | null>();
      chain = promise;
      // Nobody may wait for it once the copy has failed.
      promise.catch(() => undefined);
      return {
        hash: async (bytes: Buffer): Promise<Buffer> => {
          if (index === last) {
            whole = previous.then((so) => hashing.finish(bytes, so));
            return whole;
          }
          const linked = await hashing.link(bytes, await previous);
          resolve(linked);
          return linked.state;
        },
        fail: reject,
      };
    },
    digest: async (): Promise<Buffer> => whole ?? hashing.finish(Buffer.alloc(0), await chain),
  };
}

/**
 * Copies a blob's bytes into blocks at the target that are not committed yet. The source is pinned by its ETag. Blocks that
 * an earlier attempt has brought are not carried again.
 * @param anew carries all blocks, whatever is there
 * @throws ACRT5003 changed under way, ACRT5011 damaged under way, ACRT5012 too large
 */
export async function streamBlob(staging: Staging, anew: boolean): Promise<StagedBlob> {
  const { sides, name, facts, crossing } = staging;
  const family = {
    method: 'stream',
    etag: facts.etag,
    blockBytes: blockBytes(name, facts.size, 'stream', crossing.bandwidth),
  } as const;
  const spans = blockSpans(facts.size, family.blockBytes);
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
  const moved = await carryBlocks(staging, load, async (span, signal) => {
    const turn = whole.next(span);
    const memory = crossing.memory.borrow(family.blockBytes);
    try {
      const bytes = memory.subarray(0, span.size);
      const md5 = await readBlock(staging, span, bytes, signal);
      const id = blockId(family, { index: span.index, md5, state: await turn.hash(bytes) });
      const block = { id, offset: span.offset, bytes, md5: base64(md5) };
      await tryAgain(staging, signal, () => sides.target.stage(name, block, signal));
      blockIds[span.index] = id;
      // After a failure somebody may still be reading it.
      crossing.memory.giveBack(memory);
    } catch (error) {
      turn.fail(error);
      throw error;
    }
  });
  return { blockIds, md5: base64(await whole.digest()), moved, reused };
}
