/**
 * Compiles the MD5 kernel (assembly/md5-kernel.ts) and writes it to src/hashing/md5-kernel.ts. `--check` only compares, and exits 1
 * if the file is stale. `--compiled FILE` uses a kernel that is already compiled. The compiler has a folder of its own, because
 * `npm ci` would be a quarter larger with it.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from './action-definition.ts';
import { rootOption } from './root-option.ts';
import { installTools } from './tools/install.ts';

const SOURCE = 'assembly/md5-kernel.ts';
const COMPILED = 'src/hashing/md5-kernel.ts';

/**
 * Two pages of memory are enough for the states and 64 KiB. `-O3` reorders the steps: that is 10 % slower than `-O2`
 * (`npm run bench -- hashing`).
 */
const OPTIONS = ['-O2', '--noAssert', '--runtime', 'stub', '--initialMemory', '2', '--maximumMemory', '2'];

function compile(): Buffer {
  const compiler = installTools('scripts/tools/assemblyscript').resolve('assemblyscript/bin/asc.js');
  const folder = mkdtempSync(join(tmpdir(), 'acr-transfer-kernel-'));
  try {
    const output = join(folder, 'kernel.wasm');
    execFileSync(process.execPath, [compiler, SOURCE, ...OPTIONS, '--outFile', output], {
      cwd: ROOT,
      stdio: 'inherit',
    });
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const { values } = parseArgs({ options: { ...rootOption, check: { type: 'boolean' }, compiled: { type: 'string' } } });
const path = join(values.root, COMPILED);
const wasm = values.compiled === undefined ? compile() : readFileSync(values.compiled);
const text = `/** The MD5 kernel. Compiled from ${SOURCE} by \`npm run kernel\`. Do not edit by hand. */

/** WebAssembly, Base64. */
export const MD5_KERNEL =
  '${wasm.toString('base64')}';
`;
const stale = readFileSync(path, 'utf8') !== text;
if (stale && values.check === true) {
  console.error(`${COMPILED} is stale: run npm run kernel and commit it`);
  process.exitCode = 1;
} else {
  if (stale) writeFileSync(path, text);
  console.log(`${COMPILED} ${stale ? 'written' : 'up to date'}`);
}
