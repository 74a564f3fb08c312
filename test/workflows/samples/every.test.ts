/** That nothing which people copy is left without a run. `npm run show -- workflows` counts the runs themselves. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from '../../../scripts/action-definition.ts';
import { REUSABLE_WORKFLOWS } from '../../../scripts/workflow-definition.ts';
import { unproven } from '../../show/workflows/record.ts';
import { checkWorkflow } from '../run-workflow.ts';
import { documentedCallers } from './callers.ts';

const samples = globSync('**/*.yml', { cwd: join(ROOT, 'examples') }).sort();
const textOf = (sample: string): string => readFileSync(join(ROOT, 'examples', sample), 'utf8');
const tests = globSync('*.test.ts', { cwd: import.meta.dirname })
  .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
  .join('\n');
const run = new Set([...tests.matchAll(/\bstage\.run\('([^']+)'/g)].map(([, sample = '']) => sample));

describe('every sample', () => {
  it('is run by a test', () => {
    expect([...run].sort()).toEqual(samples);
  });

  it('says first what to create, and links to how', () => {
    const incomplete = samples.filter((sample) => {
      const head = textOf(sample).split(/^name:/m)[0] ?? '';
      return !/^# Create first:\n# {3}/m.test(head) || !/https:\/\/\S+\/docs\/[\w-]+\.md/.test(head);
    });
    expect(incomplete).toEqual([]);
  });
});

describe('the count of the show', () => {
  const ran = { calls: ['sync'], jobs: 2, conclusion: 'success', seconds: 1 } as const;

  it('knows what was run: by a story that went well, with jobs', () => {
    const runs = [
      { ...ran, story: 'good', name: 'a.yml' },
      { ...ran, story: 'bad', name: 'b.yml', calls: ['export'] },
      { ...ran, story: 'good', name: 'c.yml', jobs: 0, calls: [] },
    ];
    const stories = [
      { story: 'good', passed: true },
      { story: 'bad', passed: false },
    ];
    const all = ['a.yml', 'b.yml', 'c.yml', 'd.yml', 'sync', 'export'];
    expect(unproven(all, { runs, stories })).toEqual(['b.yml', 'c.yml', 'd.yml', 'export']);
  });
});

describe('every reusable workflow', () => {
  const called = new Set(
    samples.flatMap((sample) =>
      [...textOf(sample).matchAll(/acr-transfer\/\.github\/workflows\/([\w-]+)\.yml@/g)].map(([, name = '']) => name),
    ),
  );

  it('is called by a sample', () => {
    expect([...called].sort()).toEqual([...REUSABLE_WORKFLOWS].sort());
  });

  it('is known to rules, documentation and tests', () => {
    const folder = join(ROOT, '.github', 'workflows');
    const reusable = globSync('*.yml', { cwd: folder }).filter((file) =>
      /^\s*workflow_call:/m.test(readFileSync(join(folder, file), 'utf8')),
    );
    expect(reusable.sort()).toEqual(REUSABLE_WORKFLOWS.map((name) => `${name}.yml`).sort());
  });
});

describe('every caller that the documentation shows', () => {
  const callers = documentedCallers();

  it('is one of each reusable workflow at least', () => {
    expect(new Set(callers.flatMap(({ calls }) => calls ?? []))).toEqual(new Set(REUSABLE_WORKFLOWS));
  });

  it.each(callers)('$name is one that GitHub would start, with no more than it says', async ({ text }) => {
    expect(await checkWorkflow({ path: '.github/workflows/copied.yml', text })).toEqual([]);
  });

  it('would be refused without a permission', async () => {
    const [{ text } = { text: '' }] = callers;
    const broken = text.replace('id-token: write', 'id-token: none');
    expect(await checkWorkflow({ path: '.github/workflows/copied.yml', text: broken })).not.toEqual([]);
  });
});
