/**
 * Builds the bundle again, and compares it with dist/ byte for byte.
 * Exits 1 and names every file that is missing, different or additional, or if the code exceeds its budget.
 * `--built FOLDER` compares with an existing build. `--committed FOLDER` checks another folder than dist/.
 */
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compareFolders } from './dist/compare.ts';
import { bundleBytes, megabytes, sizeFindings } from './dist/size.ts';

const ROOT = join(import.meta.dirname, '..');
/** In lib/, which git ignores. */
const REBUILT = 'lib/dist';

function rebuild(): string {
  execFileSync(process.execPath, [join(ROOT, 'scripts', 'build.ts'), REBUILT], { cwd: ROOT, stdio: 'inherit' });
  return join(ROOT, REBUILT);
}

const { values } = parseArgs({ options: { built: { type: 'string' }, committed: { type: 'string' } } });
const committed = values.committed === undefined ? join(ROOT, 'dist') : resolve(values.committed);
const built = values.built === undefined ? rebuild() : resolve(values.built);

const differences = compareFolders(built, committed);
for (const difference of differences) console.error(`dist/${difference}`);
if (differences.length > 0) console.error('dist/ is not what the sources give: run npm run build and commit it');
const tooLarge = sizeFindings(committed);
for (const finding of tooLarge) console.error(finding);
if (differences.length > 0 || tooLarge.length > 0) process.exitCode = 1;
else console.log(`dist/ is what the sources give, with ${megabytes(bundleBytes(committed))} MB of code`);
