/** The functions that the gate and the nightly run consist of: a step that fails must fail the run. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { ROOT } from '../../../scripts/action-definition.ts';

const STEPS = join(ROOT, '.ci', 'steps.sh');

const run = (script: string): { readonly status: number | null; readonly lines: readonly string[] } => {
  const { status, stdout } = spawnSync('bash', ['-c', `source "${STEPS}"\n${script}`], { encoding: 'utf8' });
  return { status, lines: stdout.trimEnd().split('\n') };
};

const jest = (summary: string): string => `printf '%s\\n' 'Tests:       ${summary}'`;

it('passes if every step passed', () => {
  const { status, lines } = run('step one true; start two true; await two; finish');
  expect(status).toBe(0);
  expect(lines.at(-1)).toBe('2 passed, 0 failed');
});

it('fails if a step failed, and still runs the steps after it', () => {
  const { status, lines } = run('step one false; step two echo still-running; finish');
  expect(status).toBe(1);
  expect(lines).toContain('still-running');
  expect(lines.at(-1)).toBe('1 passed, 1 failed');
});

it('fails if a background step failed, and prints its output', () => {
  const { status, lines } = run(`start one bash -c 'echo reason; exit 3'; step two true; await one; finish`);
  expect(status).toBe(1);
  expect(lines).toContain('reason');
  expect(lines.at(-1)).toBe('1 passed, 1 failed');
});

it('fails if a step in the background was killed', () => {
  const { status, lines } = run('start one sleep 60; kill -9 -- "-${background[one]}"; await one; finish');
  expect(status).toBe(1);
  expect(lines.at(-1)).toBe('0 passed, 1 failed');
});

it("adds up jest's counts", () => {
  const { status, lines } = run(`step test ${jest('2 skipped, 30 passed, 32 total')}; count_tests test; finish`);
  expect(status).toBe(0);
  expect(lines.at(-1)).toBe('31 passed, 0 failed');
});

it('fails if jest counted a failed test, with any exit status', () => {
  const { status, lines } = run(`step test ${jest('1 failed, 30 passed, 31 total')}; count_tests test; finish`);
  expect(status).toBe(1);
  expect(lines.at(-1)).toBe('31 passed, 1 failed');
});

it('fails if no test ran', () => {
  const { status, lines } = run('step test echo nothing; count_tests test; finish');
  expect(status).toBe(1);
  expect(lines).toContain('=== test ran no test');
});

it('fails if no step ran', () => {
  expect(run('finish').status).toBe(1);
});

it('prints the seconds of each step and the total', () => {
  const { lines } = run('step one true; start two false; await two; finish');
  expect(lines.find((line) => line.startsWith('one '))).toMatch(/^one +\d+ s {2}passed$/);
  expect(lines.find((line) => line.startsWith('two '))).toMatch(/^two +\d+ s {2}FAILED$/);
  expect(lines.find((line) => line.startsWith('total '))).toMatch(/^total +\d+ s$/);
});

it('the workflow runs every part of the nightly run', () => {
  const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
  const parts = (text: string, pattern: RegExp): readonly string[] => pattern.exec(text)?.[1]?.match(/[\w-]+/g) ?? [];
  const nightly = read('.ci/nightly');
  const shows = parts(nightly, /^shows=\((.*)\)$/m);
  const others = parts(nightly, /parts=\((.*) "\$\{shows/);
  expect(shows).toContain('stowaway');
  expect(parts(read('.github/workflows/nightly.yml'), /part:\s*\[([^\]]*)\]/)).toEqual([...others, ...shows]);
});
