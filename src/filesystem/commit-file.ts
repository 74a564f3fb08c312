/** From the blocks of a file to the file. */
import { appendFile, open } from 'node:fs/promises';
import { transferError } from '../transfer/errors/index.ts';
import { BEHIND, INTO, moveIntoPlace } from './atomic-replace.ts';
import { unlessMissing } from './errors.ts';
import { hashFile, type FileHashes } from './file-hashes.ts';
import { versionOf } from './file-version.ts';
import { discardBlocks, discardJournal, partialOf, placedBlocks, type PlacedBlock } from './partial-file.ts';

/** A file that is to appear. */
export interface FileCommit {
  /** Absolute. */
  readonly file: string;
  /** Its blob and its directory, for failures. */
  readonly blob: string;
  readonly container: string;
  readonly blockIds: readonly string[];
  /** Base64; null: nobody knows it. */
  readonly md5: string | null;
  /** ETag of what it takes the place of; null: nothing. */
  readonly replaces: string | null;
  readonly signal: AbortSignal;
}

/** Bytes of the blocks, one behind the other; null when there is a gap, or one is not there. */
function lengthOf(blocks: ReadonlyMap<string, PlacedBlock>, ids: readonly string[]): number | null {
  let end = 0;
  for (const id of ids) {
    const block = blocks.get(id);
    if (block?.offset !== end) return null;
    end += block.size;
  }
  return end;
}

/** Cuts off what an earlier version has left behind the blocks, and waits until they are on the disk. */
async function closeUp(partial: string, size: number): Promise<void> {
  // A file of no bytes has no block that would have made it.
  if (size === 0) await appendFile(partial, '', { flag: BEHIND });
  const handle = await open(partial, INTO);
  try {
    await handle.truncate(size);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function notWhatWasSent({ blob, container }: FileCommit, size: number, md5: string, actual: FileHashes): Error {
  const described = (bytes: number, hash: string): string => `${bytes} bytes with MD5 ${hash}`;
  return transferError('ACRT5002', {
    blob,
    container,
    expected: described(size, md5),
    actual: described(actual.size, actual.md5),
  });
}

async function assemble(finishing: FileCommit): Promise<FileHashes | null> {
  const { file, blockIds, md5, signal } = finishing;
  const size = lengthOf(await placedBlocks(file), blockIds);
  if (size === null) return null;
  await closeUp(partialOf(file), size);
  const hashes = await hashFile(partialOf(file), signal);
  if (hashes === null || md5 === null || hashes.md5 === md5) return hashes;
  // Otherwise the next attempt would take up the same blocks.
  await discardBlocks(file);
  throw notWhatWasSent(finishing, size, md5, hashes);
}

const isStill = async (file: string, etag: string | null): Promise<boolean> =>
  ((await versionOf(file))?.etag ?? null) === etag;

/**
 * Makes a file appear out of its blocks, whole and as it reads back, or not at all.
 * @returns null when blocks are missing, or somebody else has written the file since
 * @throws ACRT5002 when what lies there is not what was sent
 */
export async function commitFile(finishing: FileCommit): Promise<FileHashes | null> {
  const { file, replaces } = finishing;
  if (!(await isStill(file, replaces))) return null;
  // Another process that finishes the same file takes its blocks away.
  const hashes = await unlessMissing(assemble(finishing));
  // To read it back takes its time.
  if (hashes === null || !(await isStill(file, replaces))) return null;
  const placed = await unlessMissing(moveIntoPlace(partialOf(file), file).then(() => hashes));
  if (placed !== null) await discardJournal(file);
  return placed;
}
