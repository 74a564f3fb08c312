import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { image } from '../../sandbox/content/index.ts';
import { someOf } from '../../some-of.ts';
import { CHOICE_TEXT } from '../../tier.ts';
import { conclusionsOf, failuresOf, jobOf, legsOf } from '../result.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(async () => {
  await stage.close();
});

describe('several-clouds.yml', () => {
  it('transfers to every cloud independently', async () => {
    await stage.push('team/api', 'v8');
    await stage.push('team/web', 'v8');
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

/** An exported artifact, and one that exceeds a limit of the caller. */
async function pushMixed(repository: string) {
  const large = await image({ seed: repository, layerBytes: [200_000] });
  await stage.scene.push('source', repository, { large });
  const fits = await stage.push(repository, 'v1');
  const limited = (text: string): string =>
    text.replace(/^( +)artifacts: \$.*$/m, (line, indent: string) => `${line}\n${indent}max-blob-size: 100KB`);
  return { artifacts: `${repository}:large\n${fits}`, limited };
}

describe(
  `own-handoff.yml (${CHOICE_TEXT})`,
  someOf(1, (it) => {
    const options = (artifacts: string) => {
      const { source, target } = stage.scene.clouds;
      return {
        inputs: { artifacts },
        secrets: { SOURCE_SAS: source.storage.containerSas, TARGET_SAS: target.storage.containerSas },
      };
    };

    it('imports blobs that another program has copied', async () => {
      const artifacts = await stage.push('own/api', 'v1');
      const run = await stage.run('own-handoff.yml', options(artifacts));
      expect(failuresOf(run)).toEqual([]);
      expect(jobOf(run, 'import').outputs).toMatchObject({ status: 'succeeded', transferred: '1' });
      expect(jobOf(run, 'handoff').log).not.toContain(stage.scene.clouds.source.storage.containerSas);
    });

    it("copies and imports the exported artifacts if another one couldn't be exported, and fails", async () => {
      const { artifacts, limited } = await pushMixed('own/mixed');
      const run = await stage.run('own-handoff.yml', options(artifacts), limited);
      expect(conclusionsOf(run)).toMatchObject({ export: 'failure', handoff: 'success', import: 'success' });
      expect(run.conclusion).toBe('failure');
      expect((await stage.imported()).at(-1)).toBe('own/mixed:v1');
    });
  }),
);

describe(
  `ghes.yml (${CHOICE_TEXT})`,
  someOf(1, (it) => {
    const options = (artifacts: string) => {
      const { source, target } = stage.scene.clouds;
      const identity = ({ managedIdentity: { endpoint, header } }: typeof source) => ({
        IDENTITY_ENDPOINT: endpoint,
        IDENTITY_HEADER: header,
      });
      return {
        inputs: { artifacts },
        machines: { near: identity(source), far: identity(target) },
        secrets: { SOURCE_SAS: source.storage.containerSas },
        vars: {
          SOURCE_RUNNER: 'near',
          TARGET_RUNNER: 'far',
          SOURCE_CLIENT_ID: source.managedIdentity.clientId,
          TARGET_CLIENT_ID: target.managedIdentity.clientId,
        },
      };
    };

    it('signs in by the identities of two runners of our own', async () => {
      const artifacts = await stage.push('ghes/api', 'v1');
      const run = await stage.run('ghes.yml', options(artifacts));
      expect(failuresOf(run)).toEqual([]);
      expect((await stage.imported()).at(-1)).toBe('ghes/api:v1');
    });

    it("imports the exported artifacts if another one couldn't be exported, and fails", async () => {
      const { artifacts, limited } = await pushMixed('ghes/mixed');
      const run = await stage.run('ghes.yml', options(artifacts), limited);
      expect(conclusionsOf(run)).toEqual({ export: 'failure', import: 'success' });
      expect((await stage.imported()).at(-1)).toBe('ghes/mixed:v1');
    });
  }),
);
