/** Rules for package.json and package-lock.json, so that CI tests what was reviewed. */

type Versions = Readonly<Record<string, string>>;

/** The part of package.json that the rules read. */
export interface Manifest {
  readonly dependencies?: Versions;
  readonly optionalDependencies?: Versions;
  readonly devDependencies?: Versions;
  readonly peerDependencies?: Versions;
  readonly overrides?: Readonly<Record<string, unknown>>;
  readonly engines?: Versions;
  readonly allowScripts?: Readonly<Record<string, boolean>>;
}

/** One installed package. The empty path is package.json in the lock file. */
export interface LockedPackage extends Manifest {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  /** Processors of the package. Absent: all. */
  readonly cpu?: string | readonly string[];
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

/** The part of package-lock.json that the rules read. */
export interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** A package whose code is in the bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
}

/**
 * Maximum number of direct dependencies, because they run with the users' credentials. One more needs a reason and a change of
 * this number.
 */
export const MAX_RUNTIME_DEPENDENCIES = 10;

/**
 * Development packages in the bundle: `debug` loads `supports-color` if it is installed, and jest installs it. Because of them,
 * CI audits development dependencies too.
 */
const STRAYS: readonly string[] = ['has-flag', 'supports-color'];

const EXACT = /^\d+\.\d+\.\d+(?:-[\w.-]+)?$/;
const INTEGRITY = /^sha512-[A-Za-z0-9+/]{86}==$/;
const SECTIONS = ['dependencies', 'optionalDependencies', 'devDependencies', 'peerDependencies'] as const;

/** An override that replaces a package by another one of the registry: `npm:@scope/name@1.2.3`. */
const ALIAS = /^npm:(?:@[\w.-]+\/)?[\w.-]+@/;

const versionFindings = (section: string, versions: Versions): readonly string[] =>
  Object.entries(versions).flatMap(([name, version]) => {
    if (EXACT.test(version)) return [];
    const what = /[:/]/.test(version) ? 'does not come from the registry' : 'is not pinned to one version';
    return [`package.json: ${section}: ${name} ${what}: ${version}`];
  });

/** Overrides can be nested: the versions for one package. */
function overrideVersions(overrides: Readonly<Record<string, unknown>>): Versions {
  const pairs = Object.entries(overrides).flatMap(([name, value]): readonly (readonly [string, string])[] =>
    typeof value === 'object' && value !== null
      ? Object.entries(overrideVersions({ ...value })).map(([inner, version]) => [`${name} > ${inner}`, version])
      : [[name, String(value).replace(ALIAS, '')]],
  );
  return Object.fromEntries(pairs);
}

/** Every dependency has one version of the registry, and users get few of them. */
export function manifestFindings(manifest: Manifest): readonly string[] {
  const count = Object.keys(manifest.dependencies ?? {}).length;
  return [
    ...SECTIONS.flatMap((section) => versionFindings(section, manifest[section] ?? {})),
    ...versionFindings('overrides', overrideVersions(manifest.overrides ?? {})),
    ...(count > MAX_RUNTIME_DEPENDENCIES
      ? [`package.json: ${count} runtime dependencies; at most ${MAX_RUNTIME_DEPENDENCIES} are allowed`]
      : []),
  ];
}

function lockedFindings(path: string, { version, resolved, integrity, link }: LockedPackage): readonly string[] {
  if (link === true) return [`package-lock.json: ${path} is a link to a folder`];
  const found = [
    version === undefined || !EXACT.test(version) ? `has no version of the registry: ${version ?? 'none'}` : '',
    resolved === undefined ? '' : `names where it was downloaded from: ${resolved}`,
    integrity === undefined ? 'has no integrity hash' : '',
    integrity === undefined || INTEGRITY.test(integrity)
      ? ''
      : `has an integrity hash that is no SHA-512: ${integrity}`,
  ];
  return found.filter((what) => what !== '').map((what) => `package-lock.json: ${path} ${what}`);
}

const sorted = (versions: Versions | undefined): string => JSON.stringify(Object.entries(versions ?? {}).sort());

/** Every package has an integrity hash without a registry's address, and the lock file matches package.json. */
export function lockFindings(manifest: Manifest, { packages }: Lock): readonly string[] {
  const own = packages[''];
  return [
    ...SECTIONS.flatMap((section) =>
      sorted(own?.[section]) === sorted(manifest[section])
        ? []
        : [`package-lock.json: ${section} are not package.json's`],
    ),
    ...Object.entries(packages).flatMap(([path, locked]) => (path === '' ? [] : lockedFindings(path, locked))),
  ];
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** No package of the bundle has an install script, and the lock file contains all of them, so that an audit is complete. */
export function bundleFindings({ packages }: Lock, bundled: readonly BundledPackage[]): readonly string[] {
  const installed = Object.entries(packages).map(([path, locked]) => ({ path, name: nameOf(path), ...locked }));
  const copies = bundled.map((wanted) => ({
    wanted,
    copies: installed.filter(({ name, version }) => name === wanted.name && version === wanted.version),
  }));
  const needed = new Set([
    ...copies.flatMap(({ copies }) => copies),
    ...installed.filter(({ path, dev }) => path !== '' && dev !== true),
  ]);
  return [
    ...copies.flatMap(({ wanted: { name, version }, copies }) => {
      if (copies.length === 0)
        return [`${name} ${version} is in the bundle, and not in package-lock.json: run npm run build`];
      const stray = copies.every(({ dev }) => dev === true) && !STRAYS.includes(name);
      return stray ? [`${name} ${version} is in the bundle, and only development asks for it`] : [];
    }),
    ...[...needed].flatMap(({ path, hasInstallScript }) =>
      hasInstallScript === true ? [`package-lock.json: ${path} has an install script, and the bundle needs it`] : [],
    ),
  ];
}
