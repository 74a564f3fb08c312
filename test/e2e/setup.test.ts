import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { shownIds } from './scene.ts';
import { changesOf, COMBINATIONS, openGround, titleOf, type Combination, type Ground } from './setup/ground.ts';

const DAY = 86_400_000;

let ground: Ground;

beforeAll(async () => {
  ground = await openGround();
});

afterAll(async () => {
  await ground.close();
});

const bySas = (vault: Combination['vault'] = 'rbac'): Combination => ({
  access: 'SasToken',
  identity: 'system',
  vault,
});
const plain: Combination = { access: 'ManagedIdentity', identity: 'system', vault: 'rbac' };

/** Takes both sides down again; what is left of the two clouds. */
async function tearDown(): Promise<unknown> {
  for (const side of ['source', 'target'] as const) {
    const result = await ground.setup(ground.inputs(side, plain, { state: 'absent' }));
    expect(shownIds(result)).toEqual([]);
  }
  return ground.inventories();
}

/** Both access modes with both kinds of identity, and both kinds of vaults; `npm run show -- setup` has the rest. */
const TESTED = COMBINATIONS.filter(({ access, identity, vault }) =>
  access === 'SasToken' ? (identity === 'system') === (vault === 'rbac') : true,
);

describe.each(TESTED.map((combination) => ({ title: titleOf(combination), combination })))(
  'setting up both sides at once: $title',
  ({ combination }) => {
    it('is enough for a transfer, changes nothing the second time, and goes again without a trace', async () => {
      const before = await ground.inventories();
      const first = await ground.both(combination);
      expect(first.flatMap(shownIds)).toEqual([]);
      expect(first.map(({ exitCode, outputs }) => [exitCode, outputs['status'], outputs['changed']])).toEqual([
        [0, 'changed', 'true'],
        [0, 'changed', 'true'],
      ]);

      const transfer = await ground.transfer();
      expect(shownIds(transfer)).toEqual([]);
      expect(transfer.outputs).toMatchObject({ status: 'succeeded', transferred: '1', failed: '0' });

      const second = await ground.both(combination);
      expect(second.map((result) => [result.outputs['status'], changesOf(result)])).toEqual([
        ['unchanged', []],
        ['unchanged', []],
      ]);
      expect(second.map(({ outputs }) => outputs['principal-id'])).toEqual(
        first.map(({ outputs }) => outputs['principal-id']),
      );

      expect(await tearDown()).toEqual(before);
    });
  },
);

describe('a setup', () => {
  it('shows the difference in a dry run, and changes nothing', async () => {
    const before = await ground.inventories();
    const result = await ground.setup(ground.inputs('source', bySas(), { 'dry-run': 'true' }));
    expect(result.outputs).toMatchObject({ status: 'planned', changed: 'false' });
    expect(changesOf(result).map(({ subject, done }) => [subject, done])).toEqual([
      ['pipeline', false],
      ['secret-access', false],
      ['sas', false],
    ]);
    expect(result.log).toContain('+ pipeline nightly: container:');
    expect(result.summary).toContain('📋 Would make 3 changes');
    expect(await ground.inventories()).toEqual(before);
  });

  it('makes a container that is not there', async () => {
    const { storage } = ground.scene.clouds.source;
    const container = storage.containerUri.replace(/[^/]+$/, 'made-by-setup');
    const result = await ground.setup(ground.inputs('source', plain, { container }));
    expect(shownIds(result)).toEqual([]);
    expect(changesOf(result).map(({ subject }) => subject)).toEqual(['container', 'pipeline', 'role']);
    await tearDown();
  });

  it('sees and mends the drift of every property', async () => {
    await ground.both(plain);
    const { storage, managedIdentity } = ground.scene.clouds.target;
    const drifts: readonly { readonly what: string; readonly input: Readonly<Record<string, string>> }[] = [
      { what: 'container', input: { container: storage.containerUri.replace(/[^/]+$/, 'elsewhere') } },
      { what: 'identity', input: { identity: managedIdentity.resourceId } },
      { what: 'options', input: { options: 'OverwriteTags\nContinueOnErrors' } },
      { what: 'source trigger', input: { 'source-trigger': 'enabled' } },
    ];
    for (const { what, input } of drifts) {
      const away = await ground.setup(ground.inputs('target', plain, input));
      expect([what, shownIds(away)]).toEqual([what, []]);
      const back = await ground.setup(ground.inputs('target', plain));
      expect(shownIds(back)).toEqual([]);
      expect(changesOf(back)).toContainEqual(expect.objectContaining({ subject: 'pipeline', what, done: true }));
    }
    const access = await ground.setup(ground.inputs('target', bySas()));
    expect(changesOf(access).map(({ what }) => what)).toContain('storage access');
    expect(shownIds(access)).toEqual([]);
    await tearDown();
  });

  it('waits until rights hold everywhere', async () => {
    await ground.scene.sandbox.settings('target', { propagationSeconds: 6 });
    const result = await ground.setup(ground.inputs('target', plain));
    await ground.scene.sandbox.settings('target', { propagationSeconds: 0 });
    expect(shownIds(result)).toEqual([]);
    expect(result.log).toMatch(/waiting \d/);
    expect(result.outputs['status']).toBe('changed');
    await tearDown();
  });

  it('does what it may, and says what others have to do', async () => {
    const { sandbox } = ground.scene;
    const roles = await sandbox.roles('source');
    await sandbox.setRoles(
      'source',
      roles.filter(({ role }) => role !== 'Role Based Access Control Administrator'),
    );
    const refused = await ground.setup(ground.inputs('source', plain));
    expect(refused.exitCode).toBe(1);
    expect(shownIds(refused)).toEqual(['ACRT3042']);
    expect(refused.outputs).toMatchObject({ status: 'failed', changed: 'true' });
    const principal = refused.outputs['principal-id'] ?? '';
    expect(refused.log).toContain(`--assignee-object-id ${principal}`);
    expect(refused.summary).toContain("resource role 'Microsoft.Authorization/roleAssignments@2022-04-01'");
    await sandbox.setRoles('source', roles);
    const again = await ground.setup(ground.inputs('source', plain));
    expect(changesOf(again).map(({ subject }) => subject)).toEqual(['role']);
    await tearDown();
  });

  it('says who has to open the vault', async () => {
    const { sandbox } = ground.scene;
    await sandbox.settings('source', { vault: { authorization: 'policies' } });
    const roles = await sandbox.roles('source');
    await sandbox.setRoles(
      'source',
      roles.filter(({ role }) => role !== 'Key Vault Contributor'),
    );
    const refused = await ground.setup(ground.inputs('source', bySas('policies')));
    expect(shownIds(refused)).toEqual(['ACRT3043']);
    expect(refused.log).toContain('az keyvault set-policy --name transfer --object-id');
    await sandbox.setRoles('source', roles);
    await tearDown();
    await sandbox.settings('source', { vault: { authorization: 'rbac' } });
  });

  it('refuses wrong inputs all at once', async () => {
    const result = await ground.setup({ pipeline: 'nightly', 'sas-days': '0', options: 'Everything' });
    expect(shownIds(result)).toEqual(['ACRT1001']);
    for (const input of ['pipeline', 'container', 'sas-days', 'options']) expect(result.log).toContain(`  ${input}: `);
    expect(result.outputs).toMatchObject({ status: 'failed', changed: 'false', changes: '[]' });
  });
});

describe('the SAS of a pipeline', () => {
  it('is renewed when it has ended, and left alone otherwise', async () => {
    await ground.both(bySas());
    const { sandbox } = ground.scene;
    const rotation = ground.inputs('target', bySas(), { state: 'rotate' });
    expect((await ground.setup(rotation)).outputs).toMatchObject({ status: 'unchanged', changed: 'false' });

    const expiresOn = new Date(Date.now() - DAY);
    const ended = await sandbox.containerSas('target', { permissions: 'rl', expiresOn });
    await sandbox.setSecret('target', 'nightly-sas', { value: ended, expires: expiresOn.toISOString() });
    const renewed = await ground.setup(rotation);
    expect(shownIds(renewed)).toEqual([]);
    expect(changesOf(renewed)).toMatchObject([
      { subject: 'sas', from: expect.stringContaining('ended at'), done: true },
    ]);
    expect(Date.parse(renewed.outputs['sas-expires'] ?? '')).toBeGreaterThan(Date.now() + 6 * DAY);
    expect((await ground.transfer()).outputs).toMatchObject({ status: 'succeeded' });
    await tearDown();
  });

  it('is never shown, in none of its forms', async () => {
    const result = await ground.setup(ground.inputs('source', bySas(), { 'sas-key': 'account-key', 'sas-days': '90' }));
    expect(shownIds(result)).toEqual([]);
    const shown = result.log
      .split('\n')
      .filter((line) => !line.startsWith('::add-mask::'))
      .join('\n');
    expect(result.log).toMatch(/^::add-mask::.*sig=/m);
    for (const text of [shown, result.summary, JSON.stringify(result.outputs)]) {
      expect(text).not.toMatch(/sig=|sig%3D/i);
      expect(text).not.toContain(ground.scene.clouds.source.storage.key);
    }
    expect(Date.parse(result.outputs['sas-expires'] ?? '')).toBeGreaterThan(Date.now() + 89 * DAY);
    await tearDown();
  });

  it('is not stored where the account allows no keys', async () => {
    await ground.scene.sandbox.settings('source', { storage: { allowSharedKeyAccess: false } });
    const result = await ground.setup(
      ground.inputs('source', bySas(), { 'sas-key': 'account-key', 'timeout-minutes': '1' }),
    );
    await ground.scene.sandbox.settings('source', { storage: { allowSharedKeyAccess: true } });
    expect(shownIds(result)).toEqual(['ACRT3047']);
    expect((await ground.scene.sandbox.inventory('source')).secrets).toEqual([]);
    await tearDown();
  });
});

describe('tearing down', () => {
  it('finds nothing the second time', async () => {
    expect((await ground.setup(ground.inputs('source', plain, { state: 'absent' }))).outputs).toMatchObject({
      status: 'unchanged',
    });
  });

  it('takes the transfer blobs along when it is told to', async () => {
    await ground.both(plain);
    await ground.transfer();
    const absent = { state: 'absent', 'delete-blobs': 'true' };
    expect((await ground.scene.blobs('source')).filter((name) => name.endsWith('.tar'))).not.toEqual([]);
    for (const side of ['source', 'target'] as const) {
      expect(shownIds(await ground.setup(ground.inputs(side, plain, absent)))).toEqual([]);
    }
    expect((await ground.scene.blobs('source')).filter((name) => name.endsWith('.tar'))).toEqual([]);
  });
});
