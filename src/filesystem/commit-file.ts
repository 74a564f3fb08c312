/** Commits the blocks of a file. */
import { appendFile, open } from 'node:fs/promises';
import { transferError } from '../transfer/errors/index.ts';
import { APPEND, READ_WRITE, renameAndSync } from './atomic-replace.ts';
import { nullIfMissing } from './errors.ts';
import { hashFile, type FileHashes } from './file-hashes.ts';
import { versionOf } from './file-version.ts';
import { discardBlockList, discardBlocks, partialOf, recordedBlocks, type RecordedBlock } from './partial-file.ts';

/** A file to commit. */
interface FileCommit {
  /** Absolute path. */
  readonly file: string;
  /** Blob and directory, for error messages. */
  readonly blob: string;
  readonly container: string;
  readonly blockIds: readonly string[];
  /** Base64. Null if unknown. */
  readonly md5: string | null;
  /** ETag of the file to replace. Null if there is none. */
  readonly replaces: string | null;
  readonly signal: AbortSignal;
}

/** Total size of consecutive blocks, bytes. Null if a block is missing or there is a gap. */
function totalSize(blocks: ReadonlyMap<string, RecordedBlock>, ids: readonly string[]): number | null {
  let end = 0;
  for (const id of ids) {
    const block = blocks.get(id);
    if (block?.offset !== end) return null;
    end += block.size;
  }
  return end;
}

/** Truncates the partial file after its last block, and syncs it to the disk. */
async function truncateAndSync(partial: string, size: number): Promise<void> {
  // An empty file has no block, so no block has created the partial file.
  if (size === 0) await appendFile(partial, '', { flag: APPEND });
  const handle = await open(partial, READ_WRITE);
  try {
    await handle.truncate(size);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function mismatchError({ blob, container }: FileCommit, size: number, md5: string, actual: FileHashes): Error {
  const described = (bytes: number, hash: string): string => `${bytes} bytes with MD5 ${hash}`;
  return transferError('ACRT5002', {
    blob,
    container,
    expected: described(size, md5),
    actual: described(actual.size, actual.md5),
  });
}

async function assemble(commit: FileCommit): Promise<FileHashes | null> {
  const { file, blockIds, md5, signal } = commit;
  const size = totalSize(await recordedBlocks(file), blockIds);
  if (size === null) return null;
  await truncateAndSync(partialOf(file), size);
  const hashes = await hashFile(partialOf(file), signal);
  if (hashes === null || md5 === null || hashes.md5 === md5) return hashes;
  // Otherwise, the next attempt would reuse the same blocks.
  await discardBlocks(file);
  throw mismatchError(commit, size, md5, hashes);
}

const isUnchanged = async (file: string, etag: string | null): Promise<boolean> =>
  ((await versionOf(file))?.etag ?? null) === etag;

/**
 * Commits a file from its blocks, after it reads them back. The file appears complete and checked, or not at all.
 * @returns null if blocks are missing, or if another process has changed the file
 * @throws ACRT5002 if the content read back differs from the content that was sent
 */
export async function commitFile(commit: FileCommit): Promise<FileHashes | null> {
  const { file, replaces } = commit;
  if (!(await isUnchanged(file, replaces))) return null;
  // Another process that commits the same file removes its blocks.
  const hashes = await nullIfMissing(assemble(commit));
  // Reading the file back takes time, so another process might have changed the file in the meantime.
  if (hashes === null || !(await isUnchanged(file, replaces))) return null;
  const committed = await nullIfMissing(renameAndSync(partialOf(file), file).then(() => hashes));
  if (committed !== null) await discardBlockList(file);
  return committed;
}
