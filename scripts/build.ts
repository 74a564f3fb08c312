/** Builds the bundle that GitHub runs. `node scripts/build.ts [FOLDER]`: another folder than dist/. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pack } from './dist/pack.ts';
import { bundleBytes, megabytes, sizeFindings } from './dist/size.ts';
import { PACKED_FILES } from './licenses/packed.ts';

const ROOT = join(import.meta.dirname, '..');
const output = process.argv[2] ?? 'dist';
const folder = join(ROOT, output);
const packed = await pack(ROOT, folder);
mkdirSync(join(ROOT, 'lib'), { recursive: true });
writeFileSync(join(ROOT, PACKED_FILES), JSON.stringify(packed, null, 2));
console.log(`${output}: ${megabytes(bundleBytes(folder))} MB`);
const findings = sizeFindings(folder);
for (const finding of findings) console.error(finding);
if (findings.length > 0) process.exitCode = 1;
