/**
 * Lints package.json, package-lock.json and .npmrc of every folder with a lock file, and the packages of the bundle. Exits 1 if
 * there is a finding. `--root FOLDER` lints another working tree.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleFindings, lockFindings, manifestFindings, type Lock, type Manifest } from './lint/dependencies.ts';
import { engineFindings, nodeFindings, nodesOf, scriptFindings, settingFindings } from './lint/installation.ts';
import { listedPackages, PAGE } from './licenses/page.ts';
import { rootOption } from './root-option.ts';
import { packageFolders } from './tools/folders.ts';

const { root } = parseArgs({ options: rootOption }).values;
const read = (...path: readonly string[]): string => readFileSync(join(root, ...path), 'utf8');
const readManifest = (folder: string): Manifest => JSON.parse(read(folder, 'package.json')) as Manifest;
const readLock = (folder: string): Lock => JSON.parse(read(folder, 'package-lock.json')) as Lock;

const nodes = nodesOf(readManifest('.'));
const settings = read('.npmrc');

/** The findings of one folder, each with the folder in front of its file. */
function folderFindings(folder: string): readonly string[] {
  const [manifest, lock] = [readManifest(folder), readLock(folder)];
  const findings = [
    ...manifestFindings(manifest),
    ...lockFindings(manifest, lock),
    ...engineFindings(lock, nodes),
    ...scriptFindings(manifest, lock),
    ...settingFindings(settings, read(folder, '.npmrc')),
  ];
  return folder === '.' ? findings : findings.map((finding) => `${folder}/${finding}`);
}

const folders = packageFolders(root);
const bundled = listedPackages(read(PAGE));
const findings = [
  ...folders.flatMap(folderFindings),
  ...nodeFindings(readManifest('.')),
  ...bundleFindings(readLock('.'), bundled),
];
for (const finding of findings) console.error(finding);
const count = folders.reduce((sum, folder) => sum + Object.keys(readLock(folder).packages).length - 1, 0);
console.log(
  `${count} packages in ${folders.length} lock files linted, ${bundled.length} of them in the bundle, ${findings.length} problems`,
);
if (findings.length > 0) process.exitCode = 1;
