import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ROOT } from '../../../scripts/action-definition.ts';
import { isCi } from '../../../scripts/ci.ts';
import { isFatal, measuredFindings, type History } from '../../../scripts/lint/measured.ts';

const COMMIT = 'a'.repeat(40);

const history = (more: Partial<History> = {}): History => ({
  isShallow: false,
  hasPath: (path) => path.startsWith('src'),
  changesSince: () => 0,
  ...more,
});

const record = (more: object = {}): string =>
  JSON.stringify({ commit: COMMIT, date: '2026-11-30', describes: ['src', 'src/a.ts'], figures: {}, ...more });

describe('measuredFindings', () => {
  it('accepts a record whose code has not changed', () => {
    expect(measuredFindings('a.json', record(), history())).toEqual([]);
  });

  it('compares the paths that the record describes, since its commit', () => {
    const asked: unknown[] = [];
    const changesSince: History['changesSince'] = (...args) => {
      asked.push(args);
      return 2;
    };

    expect(measuredFindings('a.json', record(), history({ changesSince }))).toEqual([
      {
        kind: 'outdated',
        path: 'a.json',
        message: 'measured at commit aaaaaaa; 2 commits have changed src, src/a.ts since',
      },
    ]);
    expect(asked).toEqual([[COMMIT, ['src', 'src/a.ts']]]);
  });

  it.each([
    { name: 'no commit', change: { commit: undefined }, says: '`commit` is not a full commit SHA' },
    { name: 'a short commit', change: { commit: 'aaaaaaa' }, says: '`commit` is not a full commit SHA' },
    { name: 'a branch', change: { commit: 'main' }, says: '`commit` is not a full commit SHA' },
    { name: 'no date', change: { date: undefined }, says: '`date` is not a date such as 2026-11-30' },
    { name: 'a day that does not exist', change: { date: '2026-13-01' }, says: '`date` is not a date' },
    { name: 'another date format', change: { date: '30.11.2026' }, says: '`date` is not a date' },
    { name: 'no paths', change: { describes: [] }, says: '`describes` names no paths' },
    { name: 'no list of paths', change: { describes: 'src' }, says: '`describes` names no paths' },
    { name: 'an empty path', change: { describes: ['src', ''] }, says: '`describes` names no paths' },
    {
      name: 'a path that does not exist',
      change: { describes: ['src', 'lib'] },
      says: '`describes` names lib, which does not exist',
    },
  ])('refuses a record with $name', ({ change, says }) => {
    expect(measuredFindings('a.json', record(change), history())).toEqual([
      { kind: 'invalid', path: 'a.json', message: expect.stringContaining(says) },
    ]);
  });

  it.each(['', '[]', 'null', '{', '"a"'])('rejects an invalid record: %s', (text) => {
    const findings = measuredFindings('a.json', text, history());

    expect(findings).toHaveLength(3);
    expect(findings.every(({ kind }) => kind === 'invalid')).toBe(true);
  });

  it.each([
    { isShallow: true, says: 'git fetch --unshallow' },
    { isShallow: false, says: 'the history does not contain that commit' },
  ])('reports what it cannot compare (shallow: $isShallow)', ({ isShallow, says }) => {
    const findings = measuredFindings('a.json', record(), history({ isShallow, changesSince: () => null }));

    expect(findings).toEqual([{ kind: 'unknown', path: 'a.json', message: expect.stringContaining(says) }]);
  });
});

describe('isFatal', () => {
  it.each([
    { kind: 'invalid', strict: false, ci: false, fatal: true },
    { kind: 'outdated', strict: false, ci: false, fatal: false },
    { kind: 'outdated', strict: false, ci: true, fatal: false },
    { kind: 'outdated', strict: true, ci: false, fatal: true },
    { kind: 'unknown', strict: false, ci: false, fatal: false },
    { kind: 'unknown', strict: false, ci: true, fatal: true },
    { kind: 'unknown', strict: true, ci: false, fatal: true },
  ] as const)('of $kind with strict $strict in CI $ci is $fatal', ({ kind, strict, ci, fatal }) => {
    expect(isFatal({ kind, path: 'a.json', message: '' }, { strict, ci })).toBe(fatal);
  });
});

describe('isCi', () => {
  it.each([
    [undefined, false],
    ['', false],
    ['0', false],
    ['false', false],
    ['true', true],
    ['1', true],
  ])('of CI=%s is %s', (value, ci) => {
    expect(isCi({ CI: value })).toBe(ci);
  });
});

describe('lint-measured', () => {
  let folder: string;
  let root: string;

  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', root, '-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args], {
      encoding: 'utf8',
    }).trim();

  const commit = (path: string, text: string): string => {
    writeFileSync(join(root, path), text);
    git('add', '.');
    git('commit', '--quiet', '--message', path);
    return git('rev-parse', 'HEAD');
  };

  const check = (at: string, args: readonly string[], ci = ''): { status: number | null; stderr: string } => {
    const script = join(ROOT, 'scripts', 'lint-measured.ts');
    const { status, stderr } = spawnSync(process.execPath, [script, '--root', at, ...args], {
      encoding: 'utf8',
      env: { ...process.env, CI: ci },
    });
    return { status, stderr };
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'acr-transfer-measured-'));
    root = join(folder, 'origin');
    for (const path of ['src', 'docs/measured']) mkdirSync(join(root, path), { recursive: true });
    git('init', '--quiet');
    const measured = commit('src/a.ts', 'one');
    commit('docs/measured/a.json', record({ commit: measured, describes: ['src'] }));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('passes if the code has not changed since the measurement', () => {
    commit('README.md', 'no code');

    expect(check(root, ['--strict'], 'true')).toEqual({ status: 0, stderr: '' });
  });

  it('warns of outdated figures, and fails with --strict', () => {
    commit('src/a.ts', 'two');
    const message =
      /^docs\/measured\/a\.json: (?:warning|error): measured at commit [\da-f]{7}; 1 commit has changed src/;

    expect(check(root, ['--check'], 'true')).toEqual({ status: 0, stderr: expect.stringMatching(message) });
    expect(check(root, ['--strict'])).toEqual({ status: 1, stderr: expect.stringMatching(message) });
  });

  it('fails for a file without a description', () => {
    commit('docs/measured/b.json', '{ "runs": 500 }');

    expect(check(root, []).status).toBe(1);
  });

  it('warns in a shallow clone that it cannot compare, and fails there in CI', () => {
    const clone = join(folder, 'clone');
    commit('src/a.ts', 'two');
    execFileSync('git', ['clone', '--quiet', '--depth', '1', pathToFileURL(root).href, clone]);

    expect(check(clone, [])).toEqual({ status: 0, stderr: expect.stringContaining('git fetch --unshallow') });
    expect(check(clone, [], 'true').status).toBe(1);
  });
});
