/** Converts blob names to paths and back. No name and no link can lead out of the directory. */
import { lstat, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { transferError } from '../transfer/errors/index.ts';
import { isBlobName } from '../transfer/model/names.ts';
import { fileError, nullIfMissing, unsupportedName } from './errors.ts';

/** Characters that FAT, exFAT and NTFS don't allow in names, and the escape character. */
const FORBIDDEN = /[<>:"|?*\\%\p{Cc}]/gu;

/** Device names on Windows, with any extension (Microsoft: Naming Files, Paths, and Namespaces). */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³])(?= *(?:\.|$))/i;

/** Names of the action's own files (checksums.ts, partial-file.ts). */
const RESERVED = /^SHA256SUMS$|\.partial(?:\.blocks)?$/i;

/** Limit of most file systems, bytes. */
const MAX_NAME_LENGTH = 255;

const percentEncode = (text: string): string =>
  Array.from(Buffer.from(text), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');

/** Escapes a segment: forbidden characters, a dot or space at the end, reserved names, and device names. */
const encodeSegment = (segment: string): string =>
  segment
    .replace(FORBIDDEN, percentEncode)
    .replace(/[. ]$/, percentEncode)
    .replace(RESERVED, (name) => `${name.slice(0, -1)}${percentEncode(name.slice(-1))}`)
    .replace(DEVICE, (device) => `${percentEncode(device.slice(0, 1))}${device.slice(1)}`);

/**
 * Path of a blob relative to the directory, with `/`. Null if no file can have this name. An empty segment (`a//b`) is
 * written as `%`, which has no other meaning.
 */
export function pathOf(blob: string): string | null {
  if (!isBlobName(blob)) return null;
  const segments = blob.split('/').map((segment) => (segment === '' ? '%' : encodeSegment(segment)));
  return segments.every((segment) => Buffer.byteLength(segment) <= MAX_NAME_LENGTH) ? segments.join('/') : null;
}

/** Blob name of a path. Null if the path isn't one that {@link pathOf} returns. */
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

/** Target of a link, if it is inside the directory; otherwise null. */
async function targetInside(folder: string, link: string): Promise<string | null> {
  const real = await nullIfMissing(realpath(link));
  // Writing through a dangling link would create the file that it points to.
  if (real === null) return null;
  const fromFolder = relative(await realpath(folder), real);
  return fromFolder === '..' || fromFolder.startsWith(`..${sep}`) ? null : real;
}

/**
 * Resolves the links of a path. Segments that don't exist yet are allowed.
 * @param path relative, with `/`
 * @throws ACRT5014 for a link that leads out of the directory
 */
async function resolveLinks(folder: string, path: string): Promise<string> {
  let current = folder;
  const segments = path.split('/');
  for (const [index, segment] of segments.entries()) {
    current = join(current, segment);
    const stats = await nullIfMissing(lstat(current));
    if (stats === null) return join(current, ...segments.slice(index + 1));
    if (!stats.isSymbolicLink()) continue;
    const target = await targetInside(folder, current);
    if (target === null)
      throw transferError('ACRT5014', { file: current, reason: 'a link leads out of the directory' });
    current = target;
  }
  return current;
}

/**
 * Runs an operation on the file of a blob, with its absolute path, its path within the directory, and the absolute path
 * without links. Reads use the last one and don't follow links (READ), so a link that appears after the check isn't followed.
 */
export type WithFile = <Result>(
  blob: string,
  work: (file: string, path: string, real: string) => Promise<Result>,
) => Promise<Result>;

/** Creates the operations of a directory. Names and links that lead out of it, and file system errors, throw ACRT5014. */
export const withFileIn =
  (folder: string): WithFile =>
  async (blob, work) => {
    const path = pathOf(blob);
    if (path === null) throw unsupportedName(blob);
    const file = join(folder, path);
    try {
      return await work(file, path, await resolveLinks(folder, path));
    } catch (error) {
      throw fileError(error, file);
    }
  };
