import { join } from 'node:path';
import { checkLinks } from './links.ts';
import { pathOf } from './paths.ts';
import { fileFailure, unnameable } from './problems.ts';

/** Does something with the file of a blob: its absolute path, and the one within the directory. */
export type Attempt = <Result>(blob: string, work: (file: string, path: string) => Promise<Result>) => Promise<Result>;

/** Attempts in a directory: no name and no link leads out of it, and what the file system refuses is said (ACRT5014). */
export const attemptIn =
  (folder: string): Attempt =>
  async (blob, work) => {
    const path = pathOf(blob);
    if (path === null) throw unnameable(blob);
    const file = join(folder, path);
    try {
      await checkLinks(folder, path);
      return await work(file, path);
    } catch (error) {
      throw fileFailure(error, file);
    }
  };
