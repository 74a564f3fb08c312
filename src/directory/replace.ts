/** Files that appear at once and whole. */
import { randomBytes } from 'node:crypto';
import { open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ANEW } from './links.ts';

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
export async function putInPlace(partial: string, file: string): Promise<void> {
  await rename(partial, file);
  await syncFolder(dirname(file)).catch(() => undefined);
}

/** Writes a small file, over whatever was there. Two that write the same at once do not get in each other's way. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const partial = `${file}.${randomBytes(4).toString('hex')}${PARTIAL}`;
  try {
    await writeFile(partial, text, { flag: ANEW, flush: true });
    await putInPlace(partial, file);
  } catch (error) {
    // It takes room on a medium that may be full.
    await rm(partial, { force: true }).catch(() => undefined);
    throw error;
  }
}
