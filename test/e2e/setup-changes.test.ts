/** What setup changes, what it shows beforehand, and what it leaves to others. */
import { describe, expect, it } from '@jest/globals';
import { CHOICE_TEXT, few } from '../tier.ts';
import { shownIds, type Scene } from './scene.ts';
import type { Inputs } from './runner.ts';
import { eachGround } from './setup/each-ground.ts';
import { BY_SAS, changesOf, PLAIN } from './setup/ground.ts';

const ground = eachGround();

describe('a setup', () => {
  it('shows the difference in a dry run, and changes nothing', async () => {
    const { inventories, setup, inputs } = ground();
    const before = await inventories();
    const result = await setup(inputs('source', BY_SAS, { 'dry-run': 'true' }));
    expect(result.outputs).toMatchObject({ status: 'planned', changed: 'false' });
    expect(changesOf(result).map(({ subject, done }) => [subject, done])).toEqual([
      ['pipeline', false],
      ['secret-access', false],
      ['sas', false],
    ]);
    expect(result.log).toContain('+ pipeline nightly: container:');
    expect(result.summary).toContain('📋 Would make 3 changes');
    expect(await inventories()).toEqual(before);
  });

  it('creates a missing container', async () => {
    const { scene, setup, inputs } = ground();
    const container = scene.clouds.source.storage.containerUri.replace(/[^/]+$/, 'made-by-setup');
    const result = await setup(inputs('source', PLAIN, { container }));
    expect(shownIds(result)).toEqual([]);
    expect(changesOf(result).map(({ subject }) => subject)).toEqual(['container', 'pipeline', 'role']);
  });

  it('does what its permissions allow, and reports the missing steps', async () => {
    const { scene, setup, inputs } = ground();
    const roles = await scene.sandbox.roles('source');
    await scene.sandbox.setRoles(
      'source',
      roles.filter(({ role }) => role !== 'Role Based Access Control Administrator'),
    );
    const refused = await setup(inputs('source', PLAIN));
    expect(refused.exitCode).toBe(1);
    expect(shownIds(refused)).toEqual(['ACRT3042']);
    expect(refused.outputs).toMatchObject({ status: 'failed', changed: 'true' });
    const principal = refused.outputs['principal-id'] ?? '';
    expect(refused.log).toContain(`--assignee-object-id ${principal}`);
    expect(refused.summary).toContain("resource role 'Microsoft.Authorization/roleAssignments@2022-04-01'");
    await scene.sandbox.setRoles('source', roles);
    const again = await setup(inputs('source', PLAIN));
    expect(changesOf(again).map(({ subject }) => subject)).toEqual(['role']);
  });

  it('names who has to open the vault', async () => {
    const { scene, setup, inputs } = ground();
    await scene.sandbox.settings('source', { vault: { authorization: 'policies' } });
    const roles = await scene.sandbox.roles('source');
    await scene.sandbox.setRoles(
      'source',
      roles.filter(({ role }) => role !== 'Key Vault Contributor'),
    );
    const refused = await setup(inputs('source', { ...BY_SAS, vault: 'policies' }));
    expect(shownIds(refused)).toEqual(['ACRT3043']);
    expect(refused.log).toContain('az keyvault set-policy --name transfer --object-id');
  });

  it('refuses wrong inputs all at once', async () => {
    const result = await ground().setup({ pipeline: 'nightly', 'sas-days': '0', options: 'Everything' });
    expect(shownIds(result)).toEqual(['ACRT1001']);
    for (const input of ['pipeline', 'container', 'sas-days', 'options']) expect(result.log).toContain(`  ${input}: `);
    expect(result.outputs).toMatchObject({ status: 'failed', changed: 'false', changes: '[]' });
  });
});

describe('a permission that was just granted', () => {
  // Waits as long as it waits in production: 5 s before it tries a second time.
  it('is awaited until it is effective everywhere', async () => {
    const { scene, setup, inputs } = ground();
    const { sandbox } = scene;
    await sandbox.settings('target', { propagationSeconds: 3600 });
    let settled: Promise<void> | undefined;
    const settle = async (): Promise<void> => {
      const roles = await sandbox.roles('target');
      await sandbox.setRoles(
        'target',
        roles.map(({ since: _, ...role }) => role),
      );
    };
    const result = await setup(inputs('target', PLAIN), {
      onLine: (line) => {
        if (/waiting \d/.test(line)) settled ??= settle();
      },
    });
    await settled;
    expect(shownIds(result)).toEqual([]);
    expect(result.log).toMatch(/waiting 5\b/);
    expect(result.outputs['status']).toBe('changed');
  });
});

/** Changed properties of a pipeline. */
const DRIFTS: readonly { readonly what: string; readonly input: (scene: Scene) => Inputs }[] = [
  {
    what: 'container',
    input: ({ clouds }) => ({ container: clouds.target.storage.containerUri.replace(/[^/]+$/, 'elsewhere') }),
  },
  { what: 'identity', input: ({ clouds }) => ({ identity: clouds.target.managedIdentity.resourceId }) },
  { what: 'options', input: () => ({ options: 'OverwriteTags\nContinueOnErrors' }) },
  { what: 'source trigger', input: () => ({ 'source-trigger': 'enabled' }) },
];

describe(`drift (${CHOICE_TEXT})`, () => {
  it.each(few(DRIFTS, 1))('of the $what is detected, and corrected', async ({ what, input }) => {
    const { scene, setup, inputs } = ground();
    const away = await setup(inputs('target', PLAIN, input(scene)));
    expect(shownIds(away)).toEqual([]);
    const back = await setup(inputs('target', PLAIN));
    expect(shownIds(back)).toEqual([]);
    expect(changesOf(back)).toContainEqual(expect.objectContaining({ subject: 'pipeline', what, done: true }));
  });

  it('of the storage access is detected, and corrected', async () => {
    const { setup, inputs } = ground();
    expect(shownIds(await setup(inputs('target', PLAIN)))).toEqual([]);
    const access = await setup(inputs('target', BY_SAS));
    expect(changesOf(access).map(({ what }) => what)).toContain('storage access');
    expect(shownIds(access)).toEqual([]);
  });
});
