/** Hashes the content of files. */
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { READ } from './atomic-replace.ts';
import { nullIfMissing } from './errors.ts';

/** Hashes of a whole file. */
export interface FileHashes {
  /** Bytes. */
  readonly size: number;
  /** Base64. */
  readonly md5: string;
  /** Hexadecimal. */
  readonly sha256: string;
}

const CHUNK_BYTES = 1024 * 1024;

/** Allocates a buffer for {@link readPieces}. */
export const createChunk = (): Buffer => Buffer.allocUnsafe(CHUNK_BYTES);

/**
 * Reads bytes `offset` to `end`, or to the end of the file, in pieces.
 * @param chunk buffer that each piece overwrites
 * @returns number of bytes read
 */
export async function readPieces(
  handle: FileHandle,
  chunk: Buffer,
  { offset, end }: { readonly offset: number; readonly end: number },
  onPiece: (bytes: Buffer) => void,
): Promise<number> {
  let position = offset;
  while (position < end) {
    const { bytesRead } = await handle.read(chunk, 0, Math.min(chunk.length, end - position), position);
    if (bytesRead === 0) break;
    onPiece(chunk.subarray(0, bytesRead));
    position += bytesRead;
  }
  return position - offset;
}

/**
 * Hashes a file in one pass. Null if it doesn't exist. Doesn't follow a link.
 * @param signal aborts the read. Null: it can't be aborted
 */
export async function hashFile(file: string, signal: AbortSignal | null): Promise<FileHashes | null> {
  const handle = await nullIfMissing(open(file, READ));
  if (handle === null) return null;
  const [md5, sha256] = [createHash('md5'), createHash('sha256')];
  try {
    const size = await readPieces(handle, createChunk(), { offset: 0, end: Infinity }, (bytes) => {
      signal?.throwIfAborted();
      md5.update(bytes);
      sha256.update(bytes);
    });
    return { size, md5: md5.digest('base64'), sha256: sha256.digest('hex') };
  } finally {
    await handle.close();
  }
}
