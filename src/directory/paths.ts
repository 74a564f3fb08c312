/** Blob names as paths on any disk, and back. */
import { isBlobName } from '../transfer/names.ts';

/** What FAT, exFAT and NTFS cannot have in a name, and the sign that begins a code. */
const UNWRITABLE = /[<>:"|?*\\%\p{Cc}]/gu;

/** Names that mean a device on Windows, with any ending (Microsoft: Naming Files, Paths, and Namespaces). */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³])(?= *(?:\.|$))/i;

/** What this directory needs for itself: see checksums.ts and partial.ts. */
const OURS = /^SHA256SUMS$|\.partial(?:\.blocks)?$/i;

/** Most file systems take no more for one name, bytes. */
const LONGEST_NAME = 255;

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
  return segments.every((segment) => Buffer.byteLength(segment) <= LONGEST_NAME) ? segments.join('/') : null;
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
