/**
 * Lists what others wrote and the bundle holds, with name, version, license and text, from what the last build packed.
 * `npm run build` writes THIRD-PARTY-LICENSES.md with it; `npm run check-dist` only says whether it is stale (`--check`). Exits 1 when it
 * is, and when there is a license that is not allowed, or none. `--root FOLDER` lists those of another build.
 */
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageComponent, type Component } from './licenses/component.ts';
import { assetFindings, licenseFindings } from './licenses/findings.ts';
import { licensePage, PAGE } from './licenses/page.ts';
import { BUNDLES, packedAssets, packedFolders, statsFile, type BundleName, type Stats } from './licenses/stats.ts';
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

const all = BUNDLES.map(readStats);
const folders = new Set(all.flatMap((stats) => packedFolders(installed, stats)));
const components: readonly Component[] = [...folders].map((folder) => packageComponent(installed, folder));
const path = join(root, PAGE);
const page = licensePage(components);
const stale = !existsSync(path) || readFileSync(path, 'utf8') !== page;
const findings = [...licenseFindings(components), ...assetFindings(all.flatMap(packedAssets))];
if (stale && values.check === true) findings.push(`${PAGE} is stale: run npm run build and commit it`);
else if (stale) writeFileSync(path, page);
for (const finding of findings) console.error(finding);
if (findings.length > 0) process.exitCode = 1;
else
  console.log(
    `${components.length} components of the bundle, every license allowed, ${PAGE} ${stale ? 'written' : 'up to date'}`,
  );
