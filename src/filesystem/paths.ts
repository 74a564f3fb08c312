/** Blob name to path and back; no name and no link leads out of the directory. */
import { lstat, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { transferError } from '../transfer/errors/index.ts';
import { isBlobName } from '../transfer/model/names.ts';
import { fileError, unlessMissing, unsupportedName } from './errors.ts';

/** What FAT, exFAT and NTFS cannot have in a name, and the sign that begins a code. */
const UNWRITABLE = /[<>:"|?*\\%\p{Cc}]/gu;

/** Names that mean a device on Windows, with any ending (Microsoft: Naming Files, Paths, and Namespaces). */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³])(?= *(?:\.|$))/i;

/** What this directory needs for itself: see checksums.ts and partial-file.ts. */
const OURS = /^SHA256SUMS$|\.partial(?:\.blocks)?$/i;

/** Most file systems take no more for one name, bytes. */
const MAX_NAME_LENGTH = 255;

const code = (text: string): string =>
  Array.from(Buffer.from(text), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');

/** A name may not end in a dot or a space, be a device, or one of ours. */
const written = (segment: string): string =>
  segment
    .replace(UNWRITABLE, code)
    .replace(/[. ]$/, code)
    .replace(OURS, (name) => `${name.slice(0, -1)}${code(name.slice(-1))}`)
    .replace(DEVICE, (device) => `${code(device.slice(0, 1))}${device.slice(1)}`);

/**
 * The path of a blob, relative to its directory, with `/`; null when no file can have this name.
 * An empty part of a name (`a//b`) is written as `%`, which stands for nothing else.
 */
export function pathOf(blob: string): string | null {
  if (!isBlobName(blob)) return null;
  const segments = blob.split('/').map((segment) => (segment === '' ? '%' : written(segment)));
  return segments.every((segment) => Buffer.byteLength(segment) <= MAX_NAME_LENGTH) ? segments.join('/') : null;
}

/** The blob that a path stands for; null when the path is none of ours. */
export function blobOf(path: string): string | null {
  try {
    const blob = path
      .split('/')
      .map((segment) => (segment === '%' ? '' : decodeURIComponent(segment)))
      .join('/');
    return pathOf(blob) === path ? blob : null;
  } catch {
    return null;
  }
}

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
async function checkLinks(folder: string, path: string): Promise<void> {
  let place = folder;
  for (const segment of path.split('/')) {
    place = join(place, segment);
    const stats = await unlessMissing(lstat(place));
    if (stats === null) return;
    if (stats.isSymbolicLink() && !(await leadsInside(folder, place))) {
      throw transferError('ACRT5014', { file: place, reason: 'a link leads out of the directory' });
    }
  }
}

/** Does something with the file of a blob: its absolute path, and the one within the directory. */
export type Attempt = <Result>(blob: string, work: (file: string, path: string) => Promise<Result>) => Promise<Result>;

/** Attempts in a directory: no name and no link leads out of it, and what the file system refuses is said (ACRT5014). */
export const attemptIn =
  (folder: string): Attempt =>
  async (blob, work) => {
    const path = pathOf(blob);
    if (path === null) throw unsupportedName(blob);
    const file = join(folder, path);
    try {
      await checkLinks(folder, path);
      return await work(file, path);
    } catch (error) {
      throw fileError(error, file);
    }
  };
