import { appendFileSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { smallImage } from '../../e2e/scene.ts';
import { conclusionsOf, failuresOf, jobOf, legsOf } from '../result.ts';
import type { Gate } from '../run.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(async () => {
  await stage.close();
});

/** References that have been imported since a moment. */
async function imported(since = 0): Promise<readonly string[]> {
  const transfers = await stage.scene.sandbox.transfers('target');
  return transfers.slice(since).flatMap(({ artifacts }) => artifacts);
}

const push = async (repository: string, tag: string): Promise<string> => {
  const lines = await stage.scene.push('source', repository, { [tag]: await smallImage(`${repository}:${tag}`) });
  return lines.join('\n');
};

describe('manual.yml', () => {
  it('carries nothing that was not approved', async () => {
    const artifacts = await push('manual/api', 'v1');
    const gates: Gate[] = [];
    const approve = (answer: boolean) => (gate: Gate) => {
      gates.push(gate);
      return answer;
    };
    const rejected = await stage.run('manual.yml', { inputs: { artifacts }, approve: approve(false) });
    expect(conclusionsOf(rejected)).toMatchObject({
      'transfer / plan': 'success',
      'transfer / approve': 'failure',
      'transfer / transfer': 'skipped',
    });
    expect(rejected.conclusion).toBe('failure');
    expect(await imported()).toEqual([]);

    const approved = await stage.run('manual.yml', { inputs: { artifacts }, approve: approve(true) });
    expect(failuresOf(approved)).toEqual([]);
    expect(gates).toEqual([
      { environment: 'transfer', job: 'transfer / approve' },
      { environment: 'transfer', job: 'transfer / approve' },
    ]);
    expect(jobOf(approved, 'transfer').outputs).toMatchObject({ status: 'succeeded', transferred: '1', failed: '0' });
    expect(await imported()).toEqual(['manual/api:v1']);
  });

  it('asks nobody when there is nothing new', async () => {
    const approve = (): never => {
      throw new Error('nobody is to be asked');
    };
    const run = await stage.run('manual.yml', { inputs: { artifacts: 'manual/api:v1' }, approve });
    expect(run.conclusion).toBe('success');
    expect(jobOf(run, 'transfer').outputs).toMatchObject({ status: 'nothing-to-do', transferred: '0', skipped: '1' });
  });
});

/** Every artifact in a share of its own, one after the other, each let in by itself. */
const oneByOne = (text: string): string =>
  text.replace(
    '      environment: transfer\n',
    '$&      sign-in-environment: azure\n      max-artifacts-per-run: 1\n      max-parallel-shares: 1\n',
  );

describe('manual.yml, of which a share has failed', () => {
  it('is whole again when that share alone is run again: nothing else is planned, approved or carried twice', async () => {
    const artifacts = [await push('manual/again', 'v1'), await push('manual/again', 'v2')].join('\n');
    const before = (await stage.scene.sandbox.transfers('target')).length;
    const { settings } = stage.scene.sandbox;
    const gates: string[] = [];
    const options = {
      inputs: { artifacts },
      runId: '6000',
      approve: async ({ job }: Gate) => {
        gates.push(job);
        const isSecondShare = gates.filter((each) => each === 'transfer / transfer').length === 2;
        if (isSecondShare) await settings('source', { runs: { failLate: 'Failed to access storage.' } });
        return true;
      },
    };
    const first = await stage.run('manual.yml', options, oneByOne);
    await settings('source', { runs: { failLate: null } });
    expect(legsOf(first, 'transfer / transfer').map(({ conclusion }) => conclusion)).toEqual(['success', 'failure']);
    expect(jobOf(first, 'transfer').outputs).toMatchObject({ status: 'partial', transferred: '1', failed: '1' });

    const asked = gates.length;
    const second = await stage.run('manual.yml', { ...options, attempt: 2, previous: first }, oneByOne);
    expect(failuresOf(second)).toEqual([]);
    expect(gates.slice(asked)).toEqual(['transfer / transfer']);
    expect(jobOf(second, 'transfer / plan')).toBe(jobOf(first, 'transfer / plan'));
    expect(legsOf(second, 'transfer / transfer')[0]).toBe(legsOf(first, 'transfer / transfer')[0]);
    expect(jobOf(second, 'transfer').outputs).toMatchObject({ status: 'succeeded', transferred: '2', failed: '0' });
    expect([...(await imported(before))].sort()).toEqual(['manual/again:v1', 'manual/again:v2']);
  });
});

describe('manual.yml, whose plan another job replaces while it waits for its approval', () => {
  it('carries nothing', async () => {
    const artifacts = await push('manual/replaced', 'v1');
    const before = (await stage.scene.sandbox.transfers('source')).length;
    const run = await stage.run('manual.yml', {
      inputs: { artifacts },
      runId: '6001',
      approve: () => {
        const [plan = ''] = globSync('artifacts/6001/files/*~plan/plan.json', { cwd: stage.folder });
        appendFileSync(join(stage.folder, plan), '\n');
        return true;
      },
    });
    expect(conclusionsOf(run)).toMatchObject({ 'transfer / approve': 'success', 'transfer / transfer': 'failure' });
    expect(jobOf(run, 'transfer / transfer').log).toContain('plan.json was replaced since it was planned');
    expect(jobOf(run, 'transfer').outputs).toMatchObject({ status: 'failed', transferred: '0', failed: '1' });
    expect(await stage.scene.sandbox.transfers('source')).toHaveLength(before);
  });
});

describe('nightly.yml', () => {
  it('is quiet without news, opens one issue when it fails, and closes it when it is well again', async () => {
    stage.commit('artifacts.txt', 'nightly/*:*\n');
    await push('nightly/api', 'v1');
    await stage.scene.push('target', 'nightly/api', { v1: await smallImage('nightly/api:v1') });
    const night = () => stage.run('nightly.yml', { event: 'schedule' });
    const outcome = async () => {
      const run = await night();
      return [run.conclusion, jobOf(run, 'sync').outputs['status'], jobOf(run, 'sync').outputs['issue']];
    };
    expect(await outcome()).toEqual(['success', 'nothing-to-do', '']);
    expect(stage.github.issues()).toEqual([]);

    await push('nightly/api', 'v2');
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
  ])('does not start when somebody breaks %s of it', async (_, from, to, message) => {
    const run = await stage.run('nightly.yml', { event: 'schedule' }, (text) => text.replace(from, to));
    expect(run).toMatchObject({ conclusion: 'startup_failure', jobs: [] });
    expect(run.errors.join('\n')).toContain(message);
  });
});

/** A step of the action in a job that may not have id-tokens. */
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
  it('is red, and says which permission is missing', async () => {
    const before = (await stage.scene.sandbox.transfers('source')).length;
    const run = await stage.runText('without-id-token.yml', WITHOUT_ID_TOKEN);
    expect(run.conclusion).toBe('failure');
    expect(jobOf(run, 'transfer').log).toContain('id-token: write');
    expect(await stage.scene.sandbox.transfers('source')).toHaveLength(before);
  });
});

const tagged = { event: 'push', ref: 'refs/tags/v7' };

describe('release.yml', () => {
  it('sends what the build has pushed', async () => {
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
    expect(await imported(before)).toEqual(['team/api:v7']);
  });
});

describe('several-clouds.yml', () => {
  it('goes to every cloud, each for itself', async () => {
    await push('team/api', 'v8');
    await push('team/web', 'v8');
    const { target } = stage.scene.clouds;
    const sides = { TENANT_ID: target.tenantId, CLIENT_ID: target.client.clientId };
    const of = (prefix: string, pipeline: string) =>
      Object.entries({ ...sides, IMPORT_PIPELINE: pipeline }).map(([name, value]) => [`${prefix}_${name}`, value]);
    const vars = Object.fromEntries([
      ...of('GOV', target.pipelines.managedIdentity),
      ...of('CHINA', `${target.pipelines.managedIdentity}-gone`),
    ]) as Record<string, string>;
    const run = await stage.run('several-clouds.yml', { event: 'push', ref: 'refs/tags/v8', vars });
    expect(legsOf(run, 'transfer').map(({ name, conclusion }) => [name, conclusion])).toEqual([
      ['To azureusgovernment', 'success'],
      ['To azurechinacloud', 'failure'],
    ]);
    expect(legsOf(run, 'transfer')[0]?.outputs).toMatchObject({ status: 'succeeded', transferred: '2' });
  });
});

describe('own-handoff.yml', () => {
  it('imports what another program has carried', async () => {
    const artifacts = await push('own/api', 'v1');
    const { source, target } = stage.scene.clouds;
    const run = await stage.run('own-handoff.yml', {
      inputs: { artifacts },
      secrets: { SOURCE_SAS: source.storage.containerSas, TARGET_SAS: target.storage.containerSas },
    });
    expect(failuresOf(run)).toEqual([]);
    expect(jobOf(run, 'import').outputs).toMatchObject({ status: 'succeeded', transferred: '1' });
    expect(jobOf(run, 'carry').log).not.toContain(source.storage.containerSas);
  });
});

describe('ghes.yml', () => {
  it('signs in by the identities of two runners of our own', async () => {
    const artifacts = await push('ghes/api', 'v1');
    const { source, target } = stage.scene.clouds;
    const identity = ({ managedIdentity: { endpoint, header } }: typeof source) => ({
      IDENTITY_ENDPOINT: endpoint,
      IDENTITY_HEADER: header,
    });
    const run = await stage.run('ghes.yml', {
      inputs: { artifacts },
      machines: { near: identity(source), far: identity(target) },
      secrets: { SOURCE_SAS: source.storage.containerSas },
      vars: {
        SOURCE_RUNNER: 'near',
        TARGET_RUNNER: 'far',
        SOURCE_CLIENT_ID: source.managedIdentity.clientId,
        TARGET_CLIENT_ID: target.managedIdentity.clientId,
      },
    });
    expect(failuresOf(run)).toEqual([]);
    expect((await imported()).at(-1)).toBe('ghes/api:v1');
  });
});
