/** live.yml on an emulated runner, with an `npm` that only prints its arguments. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROOT } from '../../scripts/action-definition.ts';
import { readLiveSettings } from '../live/settings.ts';
import { ENDINGS } from '../live/variables.ts';
import { openBench } from './fixture.ts';
import { jobOf, type RunResult } from './result.ts';
import type { RunOptions } from './run.ts';
import { runWorkflow } from './run-workflow.ts';

const bench = openBench();
const bin = join(bench.folder, 'bin');
const told = join(bench.folder, 'told.json');

const NPM = `#!/usr/bin/env bash
case "$*" in
  ci) ;;
  'run test:live')
    node -e 'console.log(JSON.stringify(process.env))' > "$TOLD"
    mkdir -p "$LIVE_FOLDER" && echo a step > "$LIVE_FOLDER/step.log"
    exit "$ENDS"
    ;;
  *) exit 64 ;;
esac
`;

beforeAll(() => {
  mkdirSync(bin);
  writeFileSync(join(bin, 'npm'), NPM);
  chmodSync(join(bin, 'npm'), 0o755);
});

afterAll(() => {
  bench.close();
});

const pipeline = (registry: string, kind: string): string =>
  `/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/${registry}/${kind}Pipelines/pipeline1`;
const TENANT = '11111111-1111-4111-8111-111111111111';
const CLIENT = '22222222-2222-4222-8222-222222222222';

const OF_REPOSITORY = { LIVE_EXPORT_PIPELINE: pipeline('nearby', 'export') };
const OF_ENVIRONMENT = {
  LIVE_IMPORT_PIPELINE: pipeline('faraway', 'import'),
  LIVE_PREFIX: 'live/tests',
  LIVE_SOURCE_TENANT_ID: TENANT,
  LIVE_SOURCE_CLIENT_ID: CLIENT,
};

let runs = 0;

const run = (options: Partial<RunOptions>, ends = 0): Promise<RunResult> => {
  runs += 1;
  const path = '.github/workflows/live.yml';
  const around = { folder: bench.folder, runId: String(runs), path: [bin], env: { TOLD: told, ENDS: String(ends) } };
  const text = readFileSync(join(ROOT, path), 'utf8');
  const idToken = { url: 'https://example.com/token', token: 'request-token' };
  const environments = { live: { vars: OF_ENVIRONMENT } };
  return runWorkflow({ path, text }, { ...around, idToken, environments, ...options });
};

describe('live.yml', () => {
  it.each([
    { where: 'no variables are set', options: { event: 'schedule' } },
    { where: 'no variables are set, and it was started manually', options: {} },
    {
      where: 'it is a fork',
      options: { event: 'schedule', vars: OF_REPOSITORY, payload: { repository: { fork: true } } },
    },
  ])('does nothing if $where', async ({ options }) => {
    const result = await run(options);
    expect(result.conclusion).toBe('skipped');
    expect(existsSync(told)).toBe(false);
  });

  it('gives the suite every variable, an id-token, and no other permission', async () => {
    const result = await run({ event: 'schedule', vars: OF_REPOSITORY });
    const job = jobOf(result, 'live');
    expect(job.conclusion).toBe('success');
    expect(job).toMatchObject({ environment: 'live', permissions: { contents: 'read', 'id-token': 'write' } });
    expect(result.concurrency).toMatchObject({ group: 'live', cancelInProgress: false });
    const given = JSON.parse(readFileSync(told, 'utf8')) as Record<string, string>;
    const ofSides = ['SOURCE', 'TARGET'].flatMap((side) =>
      ENDINGS.filter((ending) => ending !== 'client-secret').map(
        (ending) => `LIVE_${side}_${ending.toUpperCase().replaceAll('-', '_')}`,
      ),
    );
    const all = [
      'LIVE_SIGN_IN',
      'LIVE_EXPORT_PIPELINE',
      'LIVE_IMPORT_PIPELINE',
      'LIVE_PREFIX',
      'LIVE_FOLDER',
      ...ofSides,
    ];
    expect(
      Object.keys(given)
        .filter((name) => name.startsWith('LIVE_'))
        .toSorted(),
    ).toEqual(all.toSorted());
    expect(readLiveSettings(given)).toMatchObject({
      kind: 'ready',
      settings: { signIn: 'oidc', prefix: 'live/tests' },
    });
  });

  it('fails with the suite, and keeps the logs of its steps', async () => {
    const { conclusion, jobs } = await run({ vars: OF_REPOSITORY }, 1);
    expect(conclusion).toBe('failure');
    const [kept] = jobs[0]?.steps.slice(-1) ?? [];
    expect(kept).toMatchObject({ name: 'Keep logs and documents of the steps', conclusion: 'success' });
  });
});
