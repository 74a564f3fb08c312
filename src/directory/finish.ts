/** From the blocks of a file to the file. */
import { createHash } from 'node:crypto';
import { open, rename, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { failure } from '../transfer/failure.ts';
import { discardJournal, PARTIAL, placedBlocks } from './partial.ts';
import { isMissing } from './problems.ts';

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

/** Reads a file once; null when it is not there. */
export async function hashFile(file: string): Promise<FileHashes | null> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (handle === null) return null;
  const [md5, sha256] = [createHash('md5'), createHash('sha256')];
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  try {
    let size = 0;
    for (;;) {
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, size);
      if (bytesRead === 0) return { size, md5: md5.digest('base64'), sha256: sha256.digest('hex') };
      const bytes = chunk.subarray(0, bytesRead);
      md5.update(bytes);
      sha256.update(bytes);
      size += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

/** Bytes of the blocks, one behind the other; null when there is a gap, or one is not there. */
function lengthOf(blocks: Awaited<ReturnType<typeof placedBlocks>>, ids: readonly string[]): number | null {
  let end = 0;
  for (const id of ids) {
    const block = blocks.get(id);
    if (block?.offset !== end) return null;
    end += block.size;
  }
  return end;
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The new name is on the disk only when its folder is; where a folder cannot be opened (Windows), it is not asked for. */
const syncFolder = (path: string): Promise<void> => sync(path).catch(() => undefined);

/**
 * Makes a file appear out of its blocks, whole and checked on the medium itself, or not at all.
 * @param md5 base64; null: nobody knows it
 * @returns null when blocks are missing
 * @throws ACRT5002 when what lies there is not what was sent
 */
export async function finishFile(file: string, ids: readonly string[], md5: string | null): Promise<FileHashes | null> {
  const partial = `${file}${PARTIAL}`;
  const size = lengthOf(await placedBlocks(file), ids);
  if (size === null) return null;
  if (size === 0) await open(partial, 'w').then((handle) => handle.close());
  await truncate(partial, size);
  await sync(partial);
  const hashes = await hashFile(partial);
  if (hashes === null) return null;
  if (md5 !== null && hashes.md5 !== md5) {
    // Otherwise the next attempt would take up the same blocks.
    await discardJournal(file);
    const actual = `${hashes.size} bytes with MD5 ${hashes.md5}`;
    throw failure('ACRT5002', {
      blob: file,
      container: dirname(file),
      expected: `${size} bytes with MD5 ${md5}`,
      actual,
    });
  }
  await rename(partial, file);
  await syncFolder(dirname(file));
  await discardJournal(file);
  return hashes;
}
