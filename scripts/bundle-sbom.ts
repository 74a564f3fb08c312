/**
 * Reduces npm's SBOM to the packages of the bundle: `npm sbom --package-lock-only --sbom-format cyclonedx | npm run --silent
 * bundle-sbom`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { ROOT } from './action-definition.ts';
import { listedPackages, PAGE } from './licenses/page.ts';
import { bundleSbom, type Sbom } from './release/sbom.ts';

const bundled = listedPackages(readFileSync(join(ROOT, PAGE), 'utf8'));
const sbom = bundleSbom((await json(process.stdin)) as Sbom, bundled);
process.stdout.write(`${JSON.stringify(sbom, null, 2)}\n`);
