/** MD5 whose state can be handed over. Node's own crypto computes MD5, but keeps its state to itself. */
import { createMD5 } from 'hash-wasm';
import type { Md5Chain } from '../transfer/hashing.ts';

/**
 * What hash-wasm saves: 4 bytes that tell its own version, then the context of the common C implementation: the count of
 * bytes (29 bits and the rest), the four words, and what is left over of a chunk, which is nothing after whole chunks.
 */
const COUNT_AT = 4;
const WORDS_AT = COUNT_AT + 8;
const WORDS_END = WORDS_AT + 16;
const LOW_COUNT = 2 ** 29;
const CHUNK_BYTES = 64;

/** MD5 of "a" repeated 64 times, and then of nothing more: what the layout above must lead to. */
const KNOWN = { bytes: Buffer.alloc(64, 'a'), md5: '014842d480b571495a4a0363793f7367' };

/** Computes on one thread. */
export interface ChainedMd5 {
  /** See Hashing.link. */
  readonly link: (bytes: Uint8Array, chain: Md5Chain | null) => Md5Chain;
  /** See Hashing.finish. */
  readonly finish: (bytes: Uint8Array, chain: Md5Chain | null) => Buffer;
}

/** Loads the hash. Throws when hash-wasm does not keep its state as is known here. */
export async function openChainedMd5(): Promise<ChainedMd5> {
  const hash = await createMD5();
  const fresh = Buffer.from(hash.init().save());
  const takeUp = (chain: Md5Chain | null): void => {
    if (chain === null) {
      hash.init();
      return;
    }
    const saved = Buffer.from(fresh);
    saved.writeUInt32LE(chain.bytes % LOW_COUNT, COUNT_AT);
    saved.writeUInt32LE(Math.floor(chain.bytes / LOW_COUNT), COUNT_AT + 4);
    saved.set(chain.state, WORDS_AT);
    hash.load(saved);
  };
  const chained: ChainedMd5 = {
    link: (bytes, chain) => {
      if (bytes.length % CHUNK_BYTES !== 0) throw new RangeError(`MD5 cannot be cut after ${bytes.length} bytes`);
      takeUp(chain);
      hash.update(bytes);
      const state = Buffer.from(hash.save().subarray(WORDS_AT, WORDS_END));
      return { bytes: (chain?.bytes ?? 0) + bytes.length, state };
    },
    finish: (bytes, chain) => {
      takeUp(chain);
      return Buffer.from(hash.update(bytes).digest('binary'));
    },
  };
  const known = chained.finish(Buffer.alloc(0), chained.link(KNOWN.bytes, null)).toString('hex');
  if (known !== KNOWN.md5) throw new Error('the MD5 of hash-wasm does not keep its state as it used to');
  return chained;
}
