import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { smallImage } from '../../e2e/scene.ts';
import { conclusionsOf, failuresOf, jobOf } from '../result.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(async () => {
  await stage.close();
});

describe('nightly.yml', () => {
  it('is quiet without news, opens one issue when it fails, and closes it when it is well again', async () => {
    stage.commit('artifacts.txt', 'nightly/*:*\n');
    await stage.push('nightly/api', 'v1');
    await stage.scene.push('target', 'nightly/api', { v1: await smallImage('nightly/api:v1') });
    const sync = () => stage.run('nightly.yml', { event: 'schedule' });
    const outcome = async () => {
      const run = await sync();
      return [run.conclusion, jobOf(run, 'sync').outputs['status'], jobOf(run, 'sync').outputs['issue']];
    };
    expect(await outcome()).toEqual(['success', 'nothing-to-do', '']);
    expect(stage.github.issues()).toEqual([]);

    await stage.push('nightly/api', 'v2');
    await stage.scene.sandbox.settings('source', { runs: { failLate: 'Failed to access storage.' } });
    expect(await outcome()).toEqual(['failure', 'partial', '1']);
    expect(await outcome()).toEqual(['failure', 'partial', '1']);
    expect(stage.github.issues()).toMatchObject([{ state: 'open', comments: [expect.any(String)] }]);

    await stage.scene.sandbox.settings('source', { runs: { failLate: null } });
    expect(await outcome()).toEqual(['success', 'succeeded', '']);
    expect(stage.github.issues()).toMatchObject([{ state: 'closed' }]);
  });

  it.each([
    ['a permission', 'issues: write', '', "is requesting 'issues: write', but is only allowed 'issues: none'."],
    ['an input', 'export-pipeline:', 'export-pipline:', 'Input export-pipeline is required, but not provided'],
  ])('does not start with a broken %s', async (_, from, to, message) => {
    const run = await stage.run('nightly.yml', { event: 'schedule' }, (text) => text.replace(from, to));
    expect(run).toMatchObject({ conclusion: 'startup_failure', jobs: [] });
    expect(run.errors.join('\n')).toContain(message);
  });
});

/** A step of the action in a job without permission for id-tokens. */
const WITHOUT_ID_TOKEN = `
on: workflow_dispatch
permissions: {}
jobs:
  transfer:
    runs-on: ubuntu-latest
    permissions: {}
    steps:
      - uses: acr-transfer/acr-transfer@v1
        with:
          mode: full
          artifacts: team/api:v1
          export-pipeline: \${{ vars.EXPORT_PIPELINE }}
          source-tenant-id: \${{ vars.SOURCE_TENANT_ID }}
          source-client-id: \${{ vars.SOURCE_CLIENT_ID }}
          import-pipeline: \${{ vars.IMPORT_PIPELINE }}
          target-cloud: azureusgovernment
          target-tenant-id: \${{ vars.TARGET_TENANT_ID }}
          target-client-id: \${{ vars.TARGET_CLIENT_ID }}
`;

describe('a job without id-token: write', () => {
  it('fails, and names the missing permission', async () => {
    const before = (await stage.scene.sandbox.transfers('source')).length;
    const run = await stage.runText('without-id-token.yml', WITHOUT_ID_TOKEN);
    expect(run.conclusion).toBe('failure');
    expect(jobOf(run, 'transfer').log).toContain('id-token: write');
    expect(await stage.scene.sandbox.transfers('source')).toHaveLength(before);
  });
});

const tagged = { event: 'push', ref: 'refs/tags/v7' };

/** Removes the environment in which a job or a called workflow signs in. */
const leftOut = (line: RegExp) => (text: string) => text.replace(line, '');

describe('release.yml, where a tag signs in and not an environment', () => {
  const subject = 'repo:contoso/shop:ref:refs/tags/v7';
  const push = () => Promise.resolve('sha256:of-no-interest');

  it('is not pushed to the registry', async () => {
    const run = await stage.run('release.yml', { ...tagged, push }, leftOut(/^ {4}environment: azure.*\n/m));
    expect(conclusionsOf(run)).toMatchObject({ build: 'failure', transfer: 'skipped' });
    expect(jobOf(run, 'build').log).toMatch(/AADSTS700213: .*'repo:contoso\/shop:ref:refs\/tags\/v7'/);
  });

  it("can't access the pipelines, and reports its subject", async () => {
    const before = (await stage.scene.sandbox.transfers('source')).length;
    const run = await stage.run('release.yml', { ...tagged, push }, leftOut(/^ +sign-in-environment: azure\n/m));
    expect(conclusionsOf(run)).toMatchObject({ build: 'success', 'transfer / plan': 'failure' });
    const { log } = jobOf(run, 'transfer / plan');
    expect(log).toContain('ACRT2009');
    expect(log).toContain(subject);
    expect(await stage.scene.sandbox.transfers('source')).toHaveLength(before);
  });
});

describe('release.yml', () => {
  it('transfers the image that the build has pushed', async () => {
    const built = await smallImage('release');
    const before = (await stage.scene.sandbox.transfers('target')).length;
    const run = await stage.run('release.yml', {
      ...tagged,
      push: async (tags) => {
        for (const tag of tags) {
          const [, repository = '', version = ''] = /^[^/]+\/(.+):([^:]+)$/.exec(tag) ?? [];
          await stage.scene.push('source', repository, { [version]: built });
        }
        return 'sha256:of-no-interest';
      },
    });
    expect(failuresOf(run)).toEqual([]);
    expect(await stage.imported(before)).toEqual(['team/api:v7']);
  });
});
