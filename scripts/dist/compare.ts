import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Paths below a folder, hidden ones included, and whether each is a regular file. The target of a link could change unnoticed. */
const filesOf = (folder: string): ReadonlyMap<string, boolean> =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => [relative(folder, join(entry.parentPath, entry.name)), entry.isFile()]),
  );

const same = (path: string, a: string, b: string): boolean =>
  readFileSync(join(a, path)).equals(readFileSync(join(b, path)));

/**
 * Compares two folders byte for byte.
 * @param built folder of the build
 * @param committed folder to check
 * @returns one line for every file that is missing, different, not a regular file, or additional, in the order of paths
 */
export function compareFolders(built: string, committed: string): readonly string[] {
  const [wanted, found] = [filesOf(built), filesOf(committed)];
  return [...new Set([...wanted.keys(), ...found.keys()])].sort().flatMap((path) => {
    if (!found.has(path)) return [`${path}: missing`];
    if (!wanted.has(path)) return [`${path}: not of this build`];
    if (found.get(path) === false) return [`${path}: not a plain file`];
    return same(path, built, committed) ? [] : [`${path}: different`];
  });
}
