/**
 * Builds the bundle that GitHub runs: `tsc` to lib/, ncc to dist/, the other entries to the same bundle, the hash worker as a
 * bundle of its own, then every chunk is minified, because ncc minifies the entry alone. The same sources give the same bytes.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { minify } from 'terser';
import { EXCLUDED_MODULE, excludedModule } from './dist/excluded.ts';
import { pack } from './dist/pack.ts';
import { bundleBytes, megabytes, sizeFindings } from './dist/size.ts';
import { statsFile } from './licenses/stats.ts';

const ROOT = join(import.meta.dirname, '..');

const bin = (name: string): string => join(ROOT, 'node_modules', '.bin', name);

async function bundle(output: string): Promise<void> {
  for (const folder of ['lib', output]) rmSync(join(ROOT, folder), { recursive: true, force: true });
  execFileSync(bin('tsc'), ['-p', 'tsconfig.build.json'], { cwd: ROOT, stdio: 'inherit' });
  const inRoot = (path: string): string => join(ROOT, path);
  await pack(inRoot('lib/entry.js'), inRoot(output), statsFile(ROOT, 'index'));
  for (const name of ['setup.js', 'post.js']) writeFileSync(join(ROOT, output, name), `import './index.js';\n`);
  writeFileSync(join(ROOT, output, EXCLUDED_MODULE), excludedModule());
  await pack(inRoot('lib/hashing/worker.js'), inRoot('lib/hash-worker'), statsFile(ROOT, 'hash-worker'));
  copyFileSync(inRoot('lib/hash-worker/index.js'), join(ROOT, output, 'hash-worker.js'));
}

async function minifyChunks(folder: string): Promise<void> {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.js'))) {
    const path = join(folder, name);
    const { code } = await minify(readFileSync(path, 'utf8'), {
      module: true,
      compress: { passes: 2 },
      mangle: true,
      format: { ascii_only: true },
    });
    writeFileSync(path, code ?? '');
  }
}

const output = process.argv[2] ?? 'dist';
await bundle(output);
await minifyChunks(join(ROOT, output));
console.log(`${output}: ${megabytes(bundleBytes(join(ROOT, output)))} MB`);
const findings = sizeFindings(join(ROOT, output));
for (const finding of findings) console.error(finding);
if (findings.length > 0) process.exitCode = 1;
