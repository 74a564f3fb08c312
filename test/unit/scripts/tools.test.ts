import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../../../scripts/action-definition.ts';
import { isInstalled } from '../../../scripts/tools/install.ts';

const LIST = 'node_modules/.package-lock.json';
let folder: string;

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const lock = (packages: object): string => JSON.stringify({ packages: { '': {}, ...packages } });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tools-'));
  put('package.json', '{}');
  put(
    'package-lock.json',
    lock({ 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0', optional: true } }),
  );
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const SCRIPT = join(ROOT, 'scripts', 'tools', 'install.ts');

/** Installs the folder in a process of its own, with a shell script in place of npm. That gets `ci --prefix FOLDER`. */
function install(npm: string) {
  put('bin/npm', `#!/bin/sh\n${npm}\n`);
  chmodSync(join(folder, 'bin/npm'), 0o755);
  const code = `import { installTools } from '${pathToFileURL(SCRIPT).href}';
    console.log(installTools('${relative(ROOT, folder)}').resolve('a/file.css'));`;
  const PATH = `${join(folder, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`;
  return spawnSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8', env: { PATH } });
}

describe('isInstalled', () => {
  it('is true if every package is installed, except those of other platforms', () => {
    put(LIST, lock({ 'node_modules/a': { version: '1.0.0' } }));

    expect(isInstalled(folder)).toBe(true);
  });

  it.each([
    { name: 'nothing is there', packages: null },
    { name: 'a package is missing', packages: {} },
    { name: 'a package has another version', packages: { 'node_modules/a': { version: '1.0.1' } } },
  ])('does not hold if $name', ({ packages }) => {
    if (packages !== null) put(LIST, lock(packages));

    expect(isInstalled(folder)).toBe(false);
  });
});

describe('installTools', () => {
  it('installs what is missing, from the lock file of the folder', () => {
    const { stdout, stderr } = install(
      `echo "$@" > "$3/arguments"; mkdir -p "$3/node_modules/a"; echo > "$3/node_modules/a/file.css"`,
    );

    expect(stdout.trim()).toBe(realpathSync(join(folder, 'node_modules/a/file.css')));
    expect(stderr.trim()).toBe(`Installs what this needs, once: npm ci --prefix ${relative(ROOT, folder)}`);
    expect(readFileSync(join(folder, 'arguments'), 'utf8').trim()).toBe(`ci --prefix ${relative(ROOT, folder)}`);
  });

  it('installs nothing if everything is installed', () => {
    put(LIST, lock({ 'node_modules/a': { version: '1.0.0' } }));
    put('node_modules/a/file.css', '');

    const { stdout, stderr } = install('exit 1');

    expect(stdout.trim()).toBe(realpathSync(join(folder, 'node_modules/a/file.css')));
    expect(stderr).toBe('');
  });

  it('names the command to run if npm fails', () => {
    const { status, stderr } = install('exit 1');

    expect(status).toBe(1);
    const path = relative(ROOT, folder);
    expect(stderr).toContain(`${path} can't be installed. Run: npm ci --prefix ${path}`);
  });
});
