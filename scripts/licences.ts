/**
 * Lists what others wrote and the bundle holds, with name, version, licence and text, from what the last build packed.
 * `npm run build` writes THIRD-PARTY-LICENCES.md with it; `npm run check-dist` only says whether it is stale (`--check`). Exits 1 when it
 * is, and when there is a licence that is not allowed, or none. `--root FOLDER` lists those of another build.
 */
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { assetComponent, packageComponent, type Component } from './licences/component.ts';
import { licenceFindings } from './licences/findings.ts';
import { licencePage, PAGE } from './licences/page.ts';
import { BUNDLES, packedAssets, packedFolders, statsFile, type BundleName, type Stats } from './licences/stats.ts';
import { rootOption } from './root-option.ts';

const { values } = parseArgs({ options: { ...rootOption, check: { type: 'boolean' } } });
const { root } = values;
/** node_modules may be a link to somewhere else, and webpack names files by where they are. */
const installed = dirname(realpathSync(join(root, 'node_modules')));

function readStats(bundle: BundleName): Stats {
  const path = statsFile(root, bundle);
  if (!existsSync(path)) throw new Error(`${path} is not there: run npm run build first`);
  return JSON.parse(readFileSync(path, 'utf8')) as Stats;
}

function packedComponents(): readonly Component[] {
  const all = BUNDLES.map(readStats);
  const folders = new Set(all.flatMap((stats) => packedFolders(installed, stats)));
  const assets = new Set(all.flatMap(packedAssets));
  return [
    ...[...folders].map((folder) => packageComponent(installed, folder)),
    ...[...assets].map((asset) => assetComponent(installed, asset)),
  ];
}

const path = join(root, PAGE);
const components = packedComponents();
const page = licencePage(components);
const stale = !existsSync(path) || readFileSync(path, 'utf8') !== page;
const findings = [...licenceFindings(components)];
if (stale && values.check === true) findings.push(`${PAGE} is stale: run npm run build and commit it`);
else if (stale) writeFileSync(path, page);
for (const finding of findings) console.error(finding);
if (findings.length > 0) process.exitCode = 1;
else
  console.log(
    `${components.length} components of the bundle, every licence allowed, ${PAGE} ${stale ? 'written' : 'up to date'}`,
  );
