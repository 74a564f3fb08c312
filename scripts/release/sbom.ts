/** The part of a CycloneDX document that is reduced. Everything else stays unchanged. */
export interface Sbom {
  readonly components: readonly SbomComponent[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

interface SbomComponent {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly scope?: string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

/** npm marks development packages. In the bundle, every package is used. */
const DEVELOPMENT = 'cdx:npm:package:development';

const required = <T extends SbomComponent>(component: T): T => ({
  ...component,
  scope: 'required',
  properties: (component.properties ?? []).filter(({ name }) => name !== DEVELOPMENT),
});

/**
 * Reduces npm's SBOM of package-lock.json to the packages of the bundle. The others are tests and tools, which the action
 * doesn't contain.
 * @throws if the document lacks a package of the bundle
 */
export function bundleSbom<T extends Sbom>(sbom: T, bundled: readonly { name: string; version: string }[]): T {
  const wanted = new Set(bundled.map(({ name, version }) => `${name}@${version}`));
  const components = sbom.components.filter(({ name, version }) => wanted.has(`${name}@${version}`)).map(required);
  const missing = wanted.difference(new Set(components.map(({ name, version }) => `${name}@${version}`)));
  if (missing.size > 0) throw new Error(`not in the SBOM: ${[...missing].join(', ')}`);
  const kept = new Set(components.map((component) => component['bom-ref']));
  const known = new Set(sbom.components.map((component) => component['bom-ref']));
  const dependencies = sbom.dependencies
    .filter(({ ref }) => kept.has(ref) || !known.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((on) => kept.has(on)) }));
  return { ...sbom, components, dependencies };
}
