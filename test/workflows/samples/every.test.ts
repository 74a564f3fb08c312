/** Checks that every sample is run. `npm run show -- workflows` counts the runs. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { load } from 'js-yaml';
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

/** The points below `Create first`, each with its links. */
function toCreate(text: string): readonly string[] {
  const [, list = ''] = /^# Create first:\n(?<list>(?:# (?:- | {2}).*\n)+)/m.exec(text) ?? [];
  return list.split(/^(?=# - )/m).filter((point) => point !== '');
}

interface Job {
  readonly environment?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
}

/** Jobs with an id-token but without the environment `azure`, which the identities trust in all pages. */
function outside(text: string): readonly string[] {
  const { jobs } = load(text) as { readonly jobs: Readonly<Record<string, Job>> };
  return Object.entries(jobs)
    .filter(([, { permissions = {} }]) => permissions['id-token'] === 'write')
    .filter(([, job]) => (job.environment ?? job.with?.['sign-in-environment']) !== 'azure')
    .map(([id]) => id);
}

describe('every sample', () => {
  it('is run by a test', () => {
    expect([...run].sort()).toEqual(samples);
  });

  it('lists first what to create, with a link for each item', () => {
    const all = samples.map((sample) => ({ sample, points: toCreate(textOf(sample)) }));
    expect(all.filter(({ points }) => points.length === 0)).toEqual([]);
    const unlinked = all.flatMap(({ sample, points }) =>
      points.filter((point) => !/^# {3}https:\/\/\S+$/m.test(point)).map((point) => `${sample}: ${point}`),
    );
    expect(unlinked).toEqual([]);
  });

  it.each(samples)('%s signs in by OIDC only in jobs that a federated credential can trust for any ref', (sample) => {
    expect(outside(textOf(sample))).toEqual([]);
  });

  it('that signs in by OIDC mentions that the environment must exist', () => {
    const silent = samples.filter((sample) => {
      const text = textOf(sample);
      return text.includes('id-token: write') && !toCreate(text).some((point) => point.includes('`azure`'));
    });
    expect(silent).toEqual([]);
  });
});

describe('the count of the show', () => {
  const ran = { calls: ['sync'], jobs: 2, conclusion: 'success', seconds: 1 } as const;

  it('counts workflows in successful stories with jobs as run', () => {
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

  it.each(callers)('$name is valid for GitHub, with exactly the permissions that it declares', async ({ text }) => {
    expect(await checkWorkflow({ path: '.github/workflows/copied.yml', text })).toEqual([]);
  });

  it.each(callers)('$name signs in from the environment that the identities trust', ({ text }) => {
    expect(outside(text)).toEqual([]);
  });

  it('would be refused without a permission', async () => {
    const [{ text } = { text: '' }] = callers;
    const broken = text.replace('id-token: write', 'id-token: none');
    expect(await checkWorkflow({ path: '.github/workflows/copied.yml', text: broken })).not.toEqual([]);
  });
});
