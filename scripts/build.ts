/**
 * Builds the bundle that GitHub runs: `tsc` to lib/, ncc to dist/, the other entries to the same bundle, the thread that
 * hashes as a bundle of its own, then every chunk is minified, because ncc minifies the entry alone. The same sources give the same bytes.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { minify } from 'terser';
import { bundleBytes, sizeFindings } from './dist/size.ts';
import { statsFile, type BundleName } from './licences/stats.ts';

const ROOT = join(import.meta.dirname, '..');

const bin = (name: string): string => join(ROOT, 'node_modules', '.bin', name);

/** What was packed is kept beside the bundle, for the list of licences; the bundle is the same without. */
function pack(name: BundleName, entry: string, output: string): void {
  const stats = statsFile(ROOT, name);
  mkdirSync(dirname(stats), { recursive: true });
  const options = ['--license', 'licenses.txt', '--no-source-map-register', '--stats-out', stats, '-q'];
  execFileSync(bin('ncc'), ['build', entry, '-o', output, ...options], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

function bundle(output: string): void {
  for (const folder of ['lib', output]) rmSync(join(ROOT, folder), { recursive: true, force: true });
  execFileSync(bin('tsc'), ['-p', 'tsconfig.build.json'], { cwd: ROOT, stdio: 'inherit' });
  pack('index', 'lib/entry.js', output);
  for (const name of ['setup.js', 'post.js']) writeFileSync(join(ROOT, output, name), `import './index.js';\n`);
  const thread = 'lib/hash-worker';
  pack('hash-worker', 'lib/hashing/worker.js', thread);
  copyFileSync(join(ROOT, thread, 'index.js'), join(ROOT, output, 'hash-worker.js'));
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
bundle(output);
await minifyChunks(join(ROOT, output));
console.log(`${output}: ${(bundleBytes(join(ROOT, output)) / 1_000_000).toFixed(2)} MB`);
const findings = sizeFindings(join(ROOT, output));
for (const finding of findings) console.error(finding);
if (findings.length > 0) process.exitCode = 1;
