/** Hashes of what lies in files. */
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { unlessMissing } from './errors.ts';

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

/** Memory for one reader at a time. */
export const chunkMemory = (): Buffer => Buffer.allocUnsafe(CHUNK_BYTES);

/**
 * Reads bytes `offset` to `end`, or to the end of the file, in pieces.
 * @param chunk for the pieces; written again for each
 * @returns bytes that were there
 */
export async function readPieces(
  handle: FileHandle,
  chunk: Buffer,
  { offset, end }: { readonly offset: number; readonly end: number },
  take: (bytes: Buffer) => void,
): Promise<number> {
  let position = offset;
  while (position < end) {
    const { bytesRead } = await handle.read(chunk, 0, Math.min(chunk.length, end - position), position);
    if (bytesRead === 0) break;
    take(chunk.subarray(0, bytesRead));
    position += bytesRead;
  }
  return position - offset;
}

/**
 * Reads a file once; null when it is not there.
 * @param signal ends the reading; null: nothing does
 */
export async function hashFile(file: string, signal: AbortSignal | null): Promise<FileHashes | null> {
  const handle = await unlessMissing(open(file, 'r'));
  if (handle === null) return null;
  const [md5, sha256] = [createHash('md5'), createHash('sha256')];
  try {
    const size = await readPieces(handle, chunkMemory(), { offset: 0, end: Infinity }, (bytes) => {
      signal?.throwIfAborted();
      md5.update(bytes);
      sha256.update(bytes);
    });
    return { size, md5: md5.digest('base64'), sha256: sha256.digest('hex') };
  } finally {
    await handle.close();
  }
}
