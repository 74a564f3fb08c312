/** Links on a medium: one could lead anywhere on the machine that reads or writes it. */
import { constants } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { failure } from '../transfer/failure.ts';
import { unlessMissing } from './problems.ts';

/** For files that are this directory's own (partial.ts, checksums.ts): no link takes their place (ELOOP). Windows has no such flag. */
const UNLINKED = constants.O_NOFOLLOW;
/** Opens a file to read it. */
export const FROM = constants.O_RDONLY | UNLINKED;
/** Opens a file to write into it. */
export const INTO = constants.O_RDWR | UNLINKED;
/** Opens a file to write behind what it has, and makes it. */
export const BEHIND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | UNLINKED;
/** Opens a file without whatever it had, and makes it. */
export const ANEW = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | UNLINKED;

async function leadsInside(folder: string, link: string): Promise<boolean> {
  const real = await unlessMissing(realpath(link));
  // Who writes through a link that leads nowhere makes a file there.
  if (real === null) return false;
  const way = relative(await realpath(folder), real);
  return way !== '..' && !way.startsWith(`..${sep}`);
}

/**
 * Refuses a path that passes through a link out of the directory (ACRT5014).
 * @param path relative, with `/`; what of it is not there yet is no link
 */
export async function checkLinks(folder: string, path: string): Promise<void> {
  let place = folder;
  for (const segment of path.split('/')) {
    place = join(place, segment);
    const stats = await unlessMissing(lstat(place));
    if (stats === null) return;
    if (stats.isSymbolicLink() && !(await leadsInside(folder, place))) {
      throw failure('ACRT5014', { file: place, reason: 'a link leads out of the directory' });
    }
  }
}
