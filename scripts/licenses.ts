/**
 * Lists the packages in the bundle, with name, version, license and text, by the files that the last build has packed.
 * `npm run build` writes THIRD-PARTY-LICENSES.md. `npm run check-dist` only checks whether it is up to date (`--check`). Exits 1 if it
 * isn't, or if a license is missing or not allowed. `--root FOLDER` lists those of another build.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageComponent, type Component } from './licenses/component.ts';
import { licenseFindings } from './licenses/findings.ts';
import { licensePage, PAGE } from './licenses/page.ts';
import { PACKED_FILES, packedFolders } from './licenses/packed.ts';
import { rootOption } from './root-option.ts';

const { values } = parseArgs({ options: { ...rootOption, check: { type: 'boolean' } } });
const { root } = values;
const list = join(root, PACKED_FILES);
if (!existsSync(list)) throw new Error(`${list} doesn't exist: run npm run build first`);
const folders = packedFolders(JSON.parse(readFileSync(list, 'utf8')) as readonly string[]);
const components: readonly Component[] = folders.map((folder) => packageComponent(root, folder));
const path = join(root, PAGE);
const page = licensePage(components);
const stale = !existsSync(path) || readFileSync(path, 'utf8') !== page;
const findings = [...licenseFindings(components)];
if (stale && values.check === true) findings.push(`${PAGE} is stale: run npm run build and commit it`);
else if (stale) writeFileSync(path, page);
for (const finding of findings) console.error(finding);
if (findings.length > 0) process.exitCode = 1;
else
  console.log(
    `${components.length} components of the bundle, every license allowed, ${PAGE} ${stale ? 'written' : 'up to date'}`,
  );
