/**
 * What webpack says it has packed. That is the one dependable list of what is in the bundle: package.json and package-lock.json name
 * packages that it leaves out, and miss those that a `require` of an optional package finds by chance.
 */
import { join, relative, sep } from 'node:path';

/** A module; one that others were merged into names them, and they are in no chunk of their own. */
export interface PackedModule {
  /** Absolute path of the file, without loaders and queries; null for what is no file. */
  readonly nameForCondition?: string | null;
  readonly chunks?: readonly (string | number)[];
  readonly modules?: readonly PackedModule[];
}

/** The part of webpack's stats that is read here. */
export interface Stats {
  readonly modules: readonly PackedModule[];
  readonly assets: readonly { readonly name: string }[];
}

/** `node_modules/a/node_modules/@b/c`, of a path below it. The innermost package is whose code it is. */
const PACKAGE_FOLDER = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

const files = (module: PackedModule): readonly string[] => [
  ...(typeof module.nameForCondition === 'string' ? [module.nameForCondition] : []),
  ...(module.modules ?? []).flatMap(files),
];

/**
 * Folders of the packages whose code is in a bundle, as package-lock.json names them, sorted.
 * @param root the folder that holds node_modules, without symbolic links
 */
export function packedFolders(root: string, stats: Stats): readonly string[] {
  const packed = stats.modules.filter(({ chunks }) => (chunks?.length ?? 0) > 0).flatMap(files);
  const folders = packed.flatMap((path) => {
    const folder = PACKAGE_FOLDER.exec(relative(root, path).split(sep).join('/'));
    return folder === null ? [] : [folder[0]];
  });
  return [...new Set(folders)].sort();
}

/** Files that the bundle takes along beside its code: what packages read or run from their own folder. */
export const packedAssets = ({ assets }: Stats): readonly string[] =>
  assets.map(({ name }) => name).filter((name) => !/\.js$/.test(name) && name !== 'package.json');

/** The bundles that dist/ is made of. */
export const BUNDLES = ['index', 'hash-worker'] as const;

/** One of them. */
export type BundleName = (typeof BUNDLES)[number];

/** Where the build leaves the stats of a bundle. */
export const statsFile = (root: string, bundle: BundleName): string => join(root, 'lib', 'stats', `${bundle}.json`);
