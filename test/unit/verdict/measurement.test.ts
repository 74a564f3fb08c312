/** The exit status and the last line of a show or bench, of real processes. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from '../../../scripts/action-definition.ts';
import { SEED } from '../../seed.ts';

interface Ended {
  readonly status: number | null;
  readonly last: Readonly<Record<string, unknown>>;
  /** Lines on standard output that are JSON objects. */
  readonly jsonLines: number;
  readonly stderr: string;
}

function run(...args: readonly string[]): Ended {
  const env = { ...process.env, ACR_TRANSFER_SEED: String(SEED) };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', env });
  const lines = stdout.trimEnd().split('\n');
  const jsonLines = lines.filter((line) => line.startsWith('{')).length;
  const last = jsonLines === 0 ? {} : (JSON.parse(lines.at(-1) ?? '') as Ended['last']);
  return { status, last, jsonLines, stderr };
}

/** Runs a bench whose `measure` is this source; it must come to `{ value: 1 }`. */
const runBench = (measure: string, ...args: readonly string[]): Ended => {
  const from = (path: string): string => JSON.stringify(pathToFileURL(join(ROOT, path)).href);
  const source = `
    import { command, runMeasurement } from ${from('test/measurement.ts')};
    import { equal } from ${from('test/verdict.ts')};
    const judge = ({ value }) => equal('value', value, 1);
    const sample = command({ measure: ${measure}, judge, describes: ['src'], recordOnly: ['long'] });
    await runMeasurement('bench', { sample }, ${JSON.stringify(args)});
  `;
  return run('--input-type=module', '--eval', source);
};

describe('a bench', () => {
  it('exits with 0 if its conditions are met', () => {
    expect(runBench('async (args) => ({ value: args.length, long: [1, 2, 3] })', 'sample', '--any')).toEqual({
      status: 0,
      last: { bench: 'sample', seed: SEED, value: 1, verdict: 'passed', failures: [] },
      jsonLines: 1,
      stderr: '',
    });
  });

  it('exits with 1 if one of them is not met', () => {
    const failure = 'value is 2, and 1 is required';

    expect(runBench('async () => ({ seed: 7, value: 2 })', 'sample')).toEqual({
      status: 1,
      last: { bench: 'sample', seed: 7, value: 2, verdict: 'failed', failures: [failure] },
      jsonLines: 1,
      stderr: `✗ ${failure}\n`,
    });
  });

  it('exits with 1 if it cannot be measured', () => {
    const { status, last, jsonLines, stderr } = runBench(`async () => { throw new Error('no cloud'); }`, 'sample');

    expect([status, jsonLines]).toEqual([1, 1]);
    expect(last).toMatchObject({ verdict: 'failed', failures: ['it could not be measured: no cloud'] });
    expect(stderr).toContain('Error: no cloud');
  });

  it('exits with 2 for an unknown name', () => {
    const { status, stderr } = runBench('async () => ({})', 'nothing');

    expect(status).toBe(2);
    expect(stderr).toBe('There is no bench "nothing". Use one of: sample\n');
  });
});

describe('the commands', () => {
  it('judge their figures', () => {
    const { status, last, jsonLines } = run('test/bench/main.ts', 'batches');

    expect([status, jsonLines]).toEqual([0, 1]);
    expect(last).toMatchObject({ bench: 'batches', artifacts: 2000, verdict: 'passed', failures: [] });
  });

  it.each([
    ['show', 'chaos, diagnosis, kill, many, setup, soak, stowaway, workflows, install, house, mutants'],
    ['bench', 'start, makespan, memory, sync, plan, batches, hashing, handoff'],
  ])('of %s have names', (kind, names) => {
    const { status, stderr } = run(`test/${kind}/main.ts`, 'nothing');

    expect(status).toBe(2);
    expect(stderr).toBe(`There is no ${kind} "nothing". Use one of: ${names}\n`);
  });
});
