/** Open flags that follow no link, atomic replace, one writer after the other. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** For files that are this directory's own (partial-file.ts, checksums.ts): no link takes their place (ELOOP). Windows has no such flag. */
const UNLINKED = constants.O_NOFOLLOW;
/** Opens a file to read it. */
export const FROM = constants.O_RDONLY | UNLINKED;
/** Opens a file to write into it. */
export const INTO = constants.O_RDWR | UNLINKED;
/** Opens a file to write behind what it has, and makes it. */
export const BEHIND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | UNLINKED;
/** Opens a file without whatever it had, and makes it. */
const ANEW = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | UNLINKED;

/** Ending of a file that is being written. */
export const PARTIAL = '.partial';

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Gives a file that is whole its name. The name is on the disk only when the folder is; where a folder cannot be opened
 * (Windows) or written out (some network drives), it is not asked for.
 */
export async function moveIntoPlace(partial: string, file: string): Promise<void> {
  await rename(partial, file);
  await syncFolder(dirname(file)).catch(() => undefined);
}

/** Writes a small file, over whatever was there. Two that write the same at once do not get in each other's way. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const partial = `${file}.${randomBytes(4).toString('hex')}${PARTIAL}`;
  try {
    await writeFile(partial, text, { flag: ANEW, flush: true });
    await moveIntoPlace(partial, file);
  } catch (error) {
    // It takes room on a medium that may be full.
    await rm(partial, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Does one piece of work after the other; one that fails does not keep the next from its turn. */
export function createMutex(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
}
