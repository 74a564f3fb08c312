/**
 * Builds the bundle again and compares it with dist/, byte for byte: what GitHub runs must be what the sources say.
 * Exits 1 and names every file that is missing, different or left over.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { compareFolders } from './dist/compare.ts';

const ROOT = join(import.meta.dirname, '..');
/** The build empties lib/ first, and git ignores it. */
const REBUILT = 'lib/dist';

execFileSync(process.execPath, [join(ROOT, 'scripts', 'build.ts'), REBUILT], { cwd: ROOT, stdio: 'inherit' });
const differences = compareFolders(join(ROOT, REBUILT), join(ROOT, 'dist'));
for (const difference of differences) console.error(`dist/${difference}`);
if (differences.length > 0) {
  console.error('dist/ is not what the sources give: run npm run build and commit it');
  process.exitCode = 1;
} else {
  console.log('dist/ is what the sources give');
}
