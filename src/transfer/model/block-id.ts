/**
 * Block IDs that describe their block: source version, index, MD5, and MD5 state. The next attempt reads them to skip blocks
 * that arrived, and continues the MD5 of the blob where the last attempt ended. Two runners that copy the same version of a
 * blob give the same block the same ID, so concurrent uploads are safe. An ID has at most 64 bytes, and all IDs of a blob
 * have the same length (Microsoft: Put Block).
 */
import { createHash } from 'node:crypto';

/** Layout: 1 byte method, 8 bytes tag, 4 bytes index, 16 bytes MD5 of the block, 16 bytes MD5 state after the block. */
const METHODS = { stream: 1, server: 2 } as const;
const TAG_BYTES = 8;
const INDEX_AT = 1 + TAG_BYTES;
const MD5_AT = INDEX_AT + 4;
const STATE_AT = MD5_AT + 16;
const ID_BYTES = STATE_AT + 16;

const UNKNOWN = Buffer.alloc(16);

/** Method and source version that a block belongs to. */
export interface BlockSource {
  readonly method: keyof typeof METHODS;
  /** ETag of the source blob. */
  readonly etag: string;
  /** Size of each block except the last. */
  readonly blockBytes: number;
}

/** The block that an ID describes. */
export interface BlockInfo {
  readonly index: number;
  /** 16 bytes; zeros if the service copied the block. */
  readonly md5: Buffer;
  /** MD5 state of the blob after this block, or the MD5 of the blob after its last block; 16 bytes. */
  readonly state: Buffer;
}

const tagOf = ({ etag, blockBytes }: BlockSource): Buffer =>
  createHash('sha256').update(`${blockBytes}\n${etag}`).digest().subarray(0, TAG_BYTES);

/** ID of a block that was copied through the runner. */
export function blockId(source: BlockSource, { index, md5, state }: BlockInfo): string {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(index);
  return Buffer.concat([Buffer.of(METHODS[source.method]), tagOf(source), number, md5, state]).toString('base64');
}

/** ID of a block that the storage service copied. */
export const pulledBlockId = (source: BlockSource, index: number): string =>
  blockId(source, { index, md5: UNKNOWN, state: UNKNOWN });

const bytesOf = (id: string): Buffer | null => {
  const bytes = Buffer.from(id, 'base64');
  return bytes.length === ID_BYTES && bytes.toString('base64') === id ? bytes : null;
};

/** Decodes an ID; null if the block belongs to another source version, another method, or another tool. */
export function readBlockId(source: BlockSource, id: string): BlockInfo | null {
  const bytes = bytesOf(id);
  if (bytes?.[0] !== METHODS[source.method] || !bytes.subarray(1, INDEX_AT).equals(tagOf(source))) return null;
  return {
    index: bytes.readUInt32BE(INDEX_AT),
    md5: bytes.subarray(MD5_AT, STATE_AT),
    state: bytes.subarray(STATE_AT),
  };
}

/** MD5 in the ID of a block that was copied through the runner, 16 bytes; null for other IDs. */
export function blockMd5(id: string): Buffer | null {
  const bytes = bytesOf(id);
  return bytes?.[0] === METHODS.stream ? bytes.subarray(MD5_AT, STATE_AT) : null;
}
