/** Lints package.json, package-lock.json and what the bundle holds of it. Exits 1 when something is wrong. `--root FOLDER` lints another one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleFindings, lockFindings, manifestFindings, type Lock, type Manifest } from './lint/dependencies.ts';
import { listedPackages, PAGE } from './licences/page.ts';
import { rootOption } from './root-option.ts';

const { root } = parseArgs({ options: rootOption }).values;
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const manifest = JSON.parse(read('package.json')) as Manifest;
const lock = JSON.parse(read('package-lock.json')) as Lock;
const bundled = listedPackages(read(PAGE));
const findings = [...manifestFindings(manifest), ...lockFindings(manifest, lock), ...bundleFindings(lock, bundled)];
for (const finding of findings) console.error(finding);
const count = Object.keys(lock.packages).length - 1;
console.log(`${count} packages linted, ${bundled.length} of them in the bundle, ${findings.length} problems`);
if (findings.length > 0) process.exitCode = 1;
