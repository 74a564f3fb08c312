/**
 * The packages in the bundle, by the files that the bundler has packed. No other list is reliable: package.json and
 * package-lock.json name packages that the bundle doesn't contain.
 */

/** The list of packed files that the build writes, relative to the root. */
export const PACKED_FILES = 'lib/packed.json';

/** `node_modules/a/node_modules/@b/c`, of a path below it. The code belongs to the innermost package. */
const PACKAGE_FOLDER = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/**
 * Folders of the packages whose code is in a bundle, as package-lock.json names them, sorted.
 * @param files packed files, relative to the root, with slashes
 */
export function packedFolders(files: readonly string[]): readonly string[] {
  const folders = files.flatMap((file) => PACKAGE_FOLDER.exec(file)?.[0] ?? []);
  return [...new Set(folders)].sort();
}
