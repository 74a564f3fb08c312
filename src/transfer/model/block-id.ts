/**
 * Ids of blocks that tell what is in them, so that the next attempt knows what has arrived and goes on with the MD5 of the
 * whole where the last one ended. Two runners that carry the same version of a blob give the same block the same id: they
 * can put it twice, but not mix it up. An id has at most 64 bytes, and all ids of a blob have one length (Microsoft: Put Block).
 */
import { createHash } from 'node:crypto';

/** Layout: a byte for the method, 8 of the tag, 4 of the index, 16 of the block's MD5, 16 of the MD5 state after it. */
const METHODS = { stream: 1, server: 2 } as const;
const TAG_BYTES = 8;
const INDEX_AT = 1 + TAG_BYTES;
const MD5_AT = INDEX_AT + 4;
const STATE_AT = MD5_AT + 16;
const ID_BYTES = STATE_AT + 16;

const UNKNOWN = Buffer.alloc(16);

/** What a block belongs to. */
export interface BlockSource {
  readonly method: keyof typeof METHODS;
  /** ETag of the source. */
  readonly etag: string;
  /** Bytes of all blocks but the last. */
  readonly blockBytes: number;
}

/** A block, as its id tells. */
export interface BlockInfo {
  readonly index: number;
  /** 16 bytes; zeros when nobody saw the bytes. */
  readonly md5: Buffer;
  /** MD5 state of the whole after this block, and after the last block its MD5; 16 bytes. */
  readonly state: Buffer;
}

const tagOf = ({ etag, blockBytes }: BlockSource): Buffer =>
  createHash('sha256').update(`${blockBytes}\n${etag}`).digest().subarray(0, TAG_BYTES);

/** The id of a block that passed through the runner. */
export function blockId(family: BlockSource, { index, md5, state }: BlockInfo): string {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(index);
  return Buffer.concat([Buffer.of(METHODS[family.method]), tagOf(family), number, md5, state]).toString('base64');
}

/** The id of a block that the service fetched by itself. */
export const pulledBlockId = (family: BlockSource, index: number): string =>
  blockId(family, { index, md5: UNKNOWN, state: UNKNOWN });

const bytesOf = (id: string): Buffer | null => {
  const bytes = Buffer.from(id, 'base64');
  return bytes.length === ID_BYTES && bytes.toString('base64') === id ? bytes : null;
};

/** What an id tells; null when the block is of another version, another way of copying, or of somebody else. */
export function readBlockId(family: BlockSource, id: string): BlockInfo | null {
  const bytes = bytesOf(id);
  if (bytes?.[0] !== METHODS[family.method] || !bytes.subarray(1, INDEX_AT).equals(tagOf(family))) return null;
  return {
    index: bytes.readUInt32BE(INDEX_AT),
    md5: bytes.subarray(MD5_AT, STATE_AT),
    state: bytes.subarray(STATE_AT),
  };
}

/** MD5 that stands in the id of a block that passed through the runner, 16 bytes; null when it is none of ours. */
export function blockMd5(id: string): Buffer | null {
  const bytes = bytesOf(id);
  return bytes?.[0] === METHODS.stream ? bytes.subarray(MD5_AT, STATE_AT) : null;
}
