import type { Component } from './component.ts';

/** Path of the page. */
export const PAGE = 'THIRD-PARTY-LICENSES.md';

const HEAD = `# Third-party licenses

GitHub runs the bundle in \`dist/\`. These packages are in it, according to the bundler. \`npm run build\` writes this page, and CI compares
it with a new build (\`npm run check-dist\`).`;

const MAX_FENCE_LENGTH = '`````';

const byName = (a: Component, b: Component): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : a.version.localeCompare(b.version, 'en', { numeric: true });

const key = ({ name, version }: Component): string => `${name} ${version}`;

/** Each component once, in the order of names, because a package can be installed in several places. */
const distinct = (components: readonly Component[]): readonly Component[] =>
  [...new Map(components.map((component) => [key(component), component])).values()].sort(byName);

const section = (number: number, text: string, users: readonly Component[]): string =>
  `### Text ${number}\n\n${users.map(({ name }) => `\`${name}\``).join(', ')}\n\n${MAX_FENCE_LENGTH}text\n${text}\n${MAX_FENCE_LENGTH}`;

/** The page with all packages in the bundle. A license text that several share is listed once. */
export function licensePage(components: readonly Component[]): string {
  const all = distinct(components);
  const texts = [...Map.groupBy(all, ({ text }) => text)];
  const numbers = new Map(texts.map(([text], index) => [text, index + 1]));
  const rows = all.map(({ name, version, license, text }) => {
    const number = numbers.get(text) ?? 0;
    return `| \`${name}\` | ${version} | ${license} | [${number}](#text-${number}) |`;
  });
  const parts = [
    HEAD,
    ['| Package | Version | License | Text |', '| --- | --- | --- | --- |', ...rows].join('\n'),
    '## Texts',
    ...texts.map(([text, users], index) => section(index + 1, text, users)),
  ];
  return `${parts.join('\n\n')}\n`;
}

const ROW = /^\| `(?<name>[^` ]+)` \| (?<version>\S+) \| /gm;

/** The packages in a page. */
export const listedPackages = (page: string): readonly Pick<Component, 'name' | 'version'>[] =>
  [...page.matchAll(ROW)].map(({ groups }) => ({ name: groups?.['name'] ?? '', version: groups?.['version'] ?? '' }));
