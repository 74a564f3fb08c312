/** The job of this repository's CI that starts the action on a runner. Running it here finds mistakes before GitHub does. */
import { globSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, expect, it } from '@jest/globals';
import { ROOT } from '../../scripts/action-definition.ts';
import { openBench } from './fixture.ts';
import { writeProgram } from './played/github.ts';
import { jobOf } from './result.ts';
import { runWorkflow } from './run-workflow.ts';
import { OWN_REPOSITORY } from './step-uses.ts';

const bench = openBench();

afterAll(() => {
  bench.close();
});

it('starts the action with two clouds, and stops them afterwards', async () => {
  // A checkout without .ci, so that the job of the gate ends at once.
  const checkout = join(bench.folder, 'repository');
  mkdirSync(checkout);
  for (const name of ['node_modules', 'test', 'src', 'package.json']) {
    symlinkSync(join(ROOT, name), join(checkout, name));
  }
  const programs = join(bench.folder, 'bin');
  writeProgram(programs, 'npm', 'test "$*" = ci');
  const path = '.github/workflows/ci.yml';
  const run = await runWorkflow(
    { path, text: readFileSync(join(ROOT, path), 'utf8') },
    { folder: bench.folder, event: 'push', repository: OWN_REPOSITORY, checkout, path: [programs] },
  );
  const { conclusion, log, steps } = jobOf(run, 'action');
  expect(conclusion === 'success' ? '' : log).toBe('');
  expect(steps.find(({ id }) => id === 'transfer')).toMatchObject({
    conclusion: 'success',
    outputs: { status: 'succeeded', transferred: '1' },
    summary: expect.stringContaining('hello/world'),
  });
  // They end by themselves on request.
  const left = (): readonly string[] => globSync('run-*/*/temp/sandbox/sandbox.json', { cwd: bench.folder });
  while (left().length > 0) await setTimeout(50);
});
