import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from '../../../scripts/action-definition.ts';
import { LISTED } from '../../reporter/listed.ts';
import { skippedTests, unlisted, type ListedSkip, type SkippedTest } from '../../reporter/skipped.ts';
import { slowest, timeLine } from '../../reporter/slowest.ts';

describe('skippedTests', () => {
  const tests = ['passed', 'failed', 'pending', 'todo', 'skipped', 'disabled'].map((status) => ({
    fullName: `group ${status}`,
    status,
  }));

  it('lists what was not run', () => {
    expect(skippedTests('a.test.ts', tests, undefined)).toEqual([
      { file: 'a.test.ts', title: 'group pending', kind: 'skipped' },
      { file: 'a.test.ts', title: 'group todo', kind: 'todo' },
      { file: 'a.test.ts', title: 'group skipped', kind: 'skipped' },
      { file: 'a.test.ts', title: 'group disabled', kind: 'skipped' },
    ]);
  });

  it('leaves out what --testNamePattern leaves out', () => {
    expect(skippedTests('a.test.ts', tests, 'GROUP pend').map(({ title }) => title)).toEqual(['group pending']);
  });
});

describe('unlisted', () => {
  const test = (file: string, title: string): SkippedTest => ({ file, title, kind: 'skipped' });
  const reason = 'a reason';

  it.each<{ name: string; entry: ListedSkip }>([
    { name: 'file', entry: { file: 'test/a/b.test.ts', reason } },
    { name: 'folder', entry: { file: 'test/a/', reason } },
    { name: 'beginning of the name', entry: { file: 'test/a/b.test.ts', title: 'group', reason } },
  ])('treats a test as listed by its $name', ({ entry }) => {
    expect(unlisted([test('test/a/b.test.ts', 'group title')], [entry])).toEqual([]);
  });

  it.each<{ name: string; entry: ListedSkip }>([
    { name: 'another file', entry: { file: 'test/a/b.test.tsx', reason } },
    { name: 'the beginning of its file', entry: { file: 'test/a/b', reason } },
    { name: 'another folder', entry: { file: 'test/b/', reason } },
    { name: 'another name', entry: { file: 'test/a/b.test.ts', title: 'title', reason } },
  ])('does not treat a test as listed by $name', ({ entry }) => {
    const skipped = [test('test/a/b.test.ts', 'group title')];

    expect(unlisted(skipped, [entry])).toEqual(skipped);
  });
});

describe('the list', () => {
  it('gives a reason for each entry, and names only existing packages', () => {
    for (const { file, reason } of LISTED) {
      expect(reason.length).toBeGreaterThan(20);
      expect([file, existsSync(join(ROOT, file))]).toEqual([file, true]);
    }
  });
});

describe('slowest', () => {
  const files = [3, 11, 7].map((seconds) => ({ file: `${seconds}.test.ts`, seconds }));

  it('starts with the slowest, and is limited in length', () => {
    expect(slowest(files, 2).map(timeLine)).toEqual(['    11.0 s  11.test.ts', '     7.0 s  7.test.ts']);
  });
});

describe('a run of Jest', () => {
  const REPORTER = join(ROOT, 'test', 'reporter');
  const FIXTURE = join(REPORTER, 'fixture');

  interface Options {
    readonly ci?: string;
    readonly listed?: readonly ListedSkip[];
    readonly args?: readonly string[];
  }

  interface Run {
    readonly status: number | null;
    readonly output: string;
  }

  /** Runs test files of the fixture, as CI does unless `ci` is empty. */
  function jest(files: string, { ci = 'true', listed = [], args = [] }: Options = {}): Run {
    const configuration = {
      rootDir: FIXTURE,
      testEnvironment: 'node',
      testMatch: [join(FIXTURE, files)],
      extensionsToTreatAsEsm: ['.ts'],
      transform: {},
      reporters: [[join(REPORTER, 'main.ts'), { listed }]],
    };
    const program = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
    const options = ['--experimental-vm-modules', program, '--runInBand', '--config', JSON.stringify(configuration)];
    const { status, stdout, stderr } = spawnSync(process.execPath, [...options, ...args], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, CI: ci, ACR_TRANSFER_SEED: '7' },
    });
    return { status, output: stdout + stderr };
  }

  it('fails in CI for tests that are skipped, todo, or excluded by `only`', () => {
    const { status, output } = jest('{skipped,todo,only}.test.ts');

    expect([status, output]).toEqual([1, expect.stringContaining('4 tests skipped, 4 of them not listed')]);
    expect(output).toContain('skipped: skipped.test.ts: is skipped\n');
    expect(output).toContain('skipped: skipped.test.ts: a group is skipped with its group\n');
    expect(output).toContain('todo: todo.test.ts: is still to be written\n');
    expect(output).toContain('skipped: only.test.ts: is skipped by the other\n');
  });

  it('fails for a file that cannot be executed', () => {
    expect(jest('broken.test.ts', { ci: '' }).status).toBe(1);
  });

  it('passes in CI for tests that are listed', () => {
    const { status, output } = jest('skipped.test.ts', { listed: [{ file: 'skipped.test.ts', reason: 'a reason' }] });

    expect([status, output]).toEqual([0, expect.stringContaining('2 tests skipped, 0 of them not listed')]);
  });

  it("only lists them on a developer's machine, and lists the slowest files", () => {
    const { status, output } = jest('{skipped,todo}.test.ts', { ci: '' });

    expect([status, output]).toEqual([0, expect.stringContaining('3 tests skipped, 3 of them not listed')]);
    expect(output).toMatch(/Slowest test files:\n +\d+\.\d s {2}(?:skipped|todo)\.test\.ts\n/);
  });

  it('does not count excluded tests, and prints its seed', () => {
    const { status, output } = jest('{complete,skipped,todo,only}.test.ts', { args: ['--testNamePattern', '^runs$'] });

    expect([status, output]).toEqual([0, expect.stringContaining('0 tests skipped, 0 of them not listed')]);
    expect(output).toContain('Seed 7; to draw the same values again, put ACR_TRANSFER_SEED=7 before the command.');
  });
});
