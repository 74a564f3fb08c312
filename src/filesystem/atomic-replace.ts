/** Open flags that don't follow links, atomic file replacement, and a mutex. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Rejects a link in place of the action's own files (partial-file.ts, checksums.ts): ELOOP. Windows has no such flag. */
const NO_FOLLOW = constants.O_NOFOLLOW;
/** Opens an existing file for reading. */
export const READ = constants.O_RDONLY | NO_FOLLOW;
/** Opens an existing file for reading and writing. */
export const READ_WRITE = constants.O_RDWR | NO_FOLLOW;
/** Opens a file for appending. Creates it if it doesn't exist. */
export const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | NO_FOLLOW;
/** Opens a file for writing, and truncates it. Creates it if it doesn't exist. */
const TRUNCATE = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | NO_FOLLOW;

/** Suffix of a file that is being written. */
export const PARTIAL_SUFFIX = '.partial';

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Renames a complete file to its final name. Syncs the folder too, because the name is durable only then. Ignores errors
 * of this sync: Windows can't open a folder, and some network drives can't sync one.
 */
export async function renameAndSync(partial: string, file: string): Promise<void> {
  await rename(partial, file);
  await syncFolder(dirname(file)).catch(() => undefined);
}

/** Writes a small file atomically, and replaces an existing one. Concurrent writers don't interfere. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const partial = `${file}.${randomBytes(4).toString('hex')}${PARTIAL_SUFFIX}`;
  try {
    await writeFile(partial, text, { flag: TRUNCATE, flush: true });
    await renameAndSync(partial, file);
  } catch (error) {
    // The partial file uses space, and the medium might be full.
    await rm(partial, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Creates a mutex. It runs one task after the other, also after a task that failed. */
export function createMutex(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
}
