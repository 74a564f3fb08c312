import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const filesOf = (folder: string): ReadonlySet<string> =>
  new Set(globSync('**/*', { cwd: folder }).filter((path) => statSync(join(folder, path)).isFile()));

const same = (path: string, a: string, b: string): boolean =>
  readFileSync(join(a, path)).equals(readFileSync(join(b, path)));

/**
 * Compares two folders byte for byte.
 * @param built what the sources give
 * @param committed what is to be the same
 * @returns one line for every file that is missing, different, or should not be there, in the order of paths
 */
export function compareFolders(built: string, committed: string): readonly string[] {
  const [wanted, found] = [filesOf(built), filesOf(committed)];
  return [...wanted.union(found)].sort().flatMap((path) => {
    if (!found.has(path)) return [`${path}: missing`];
    if (!wanted.has(path)) return [`${path}: not of this build`];
    return same(path, built, committed) ? [] : [`${path}: different`];
  });
}
