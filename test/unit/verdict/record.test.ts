import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { check, resolveConfig } from 'prettier';
import { ROOT } from '../../../scripts/action-definition.ts';
import { historyOf } from '../../../scripts/lint/history.ts';
import { measuredFindings } from '../../../scripts/lint/measured.ts';
import { machine, originOf, writeRecord } from '../../record.ts';

const NOW = new Date('2026-11-30T12:00:00Z');

let root: string;

const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-C', root, '-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args], {
    encoding: 'utf8',
  }).trim();

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'acr-transfer-record-'));
  git('init', '--quiet');
  for (const folder of ['src', 'dist']) mkdirSync(join(root, folder));
  writeFileSync(join(root, 'src', 'a.ts'), 'a');
  writeFileSync(join(root, 'dist', 'index.js'), 'a');
  git('add', '.');
  git('commit', '--quiet', '--message', 'one');
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

describe('originOf', () => {
  it('names the commit that is checked out, and the date', () => {
    writeFileSync(join(root, 'other.md'), 'what the figures do not depend on');

    expect(originOf(root, ['src'], NOW)).toEqual({
      commit: git('rev-parse', 'HEAD'),
      date: '2026-11-30',
      describes: ['src'],
    });
  });

  it.each(['src/a.ts', 'src/new.ts', 'dist/index.js'])('refuses code that is not committed: %s', (path) => {
    writeFileSync(join(root, path), 'b');

    expect(() => originOf(root, ['src'], NOW)).toThrow(path);
  });

  it('refuses a folder without a history', () => {
    rmSync(join(root, '.git'), { recursive: true });

    expect(() => originOf(root, ['src'], NOW)).toThrow('--record needs a clone');
  });
});

describe('writeRecord', () => {
  it('writes records that the check accepts', async () => {
    const origin = originOf(root, ['src'], NOW);
    const figures = { seed: 1, value: 2 };
    const record = { command: 'npm run bench -- a --record', ...origin, ...machine(), figures } as const;

    copyFileSync(join(ROOT, '.prettierrc.json'), join(root, '.prettierrc.json'));

    const path = await writeRecord(root, 'a', { ...record, verdict: 'passed', failures: [] });

    expect(path).toBe('docs/measured/a.json');
    const text = readFileSync(join(root, path), 'utf8');
    expect(JSON.parse(text)).toEqual({ ...record, verdict: 'passed', failures: [] });
    expect(measuredFindings(path, text, historyOf(root))).toEqual([]);
    expect(await check(text, { ...(await resolveConfig(join(root, path))), filepath: path })).toBe(true);
  });
});
