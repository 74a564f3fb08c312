import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { IssuedSas } from '../../src/provisioning/ports.ts';
import { openSetupScene, type SetupScene } from './azure-setup.fixture.ts';
import type { FaultRule } from './fault-rule.ts';

const DAY = 24 * 60 * 60 * 1000;
const MINUTE = 60_000;

let scene: SetupScene;

beforeAll(async () => {
  scene = await openSetupScene();
});

afterEach(async () => {
  await scene.sandbox.clearFaults('source');
  await scene.sandbox.settings('source', { storage: { delegation: 'open', allowSharedKeyAccess: true } });
});

afterAll(() => scene.close());

const secretUri = (name: string): string => `${scene.cloud.vault}/secrets/${name}`;

const elsewhere = (): string => `${scene.cloud.storage.endpoint.replace(/[^/]+$/, 'otheraccount')}/transfer`;

const answers = (service: FaultRule['service'], status: number, code: string, times = 1) =>
  scene.sandbox.addFault('source', {
    service,
    times,
    fault: {
      kind: 'answer',
      status,
      headers: { 'content-type': 'application/json', 'x-ms-error-code': code },
      body: JSON.stringify({ error: { code, message: 'words of the service' } }),
    },
  });

/** Runs work while the client lacks some of its roles. */
async function without<Result>(role: RegExp, work: () => Promise<Result>): Promise<Result> {
  const roles = await scene.sandbox.roles('source');
  const rest = roles.filter((assignment) => !role.test(assignment.role));
  expect(rest.length).toBeLessThan(roles.length);
  await scene.sandbox.setRoles('source', rest);
  try {
    return await work();
  } finally {
    await scene.sandbox.setRoles('source', roles);
  }
}

describe('the container of a pipeline', () => {
  it('is found by its address', async () => {
    const { account, containerUri } = scene.cloud.storage;
    const place = await scene.client.container(containerUri);
    expect(place).toMatchObject({ account });
    expect(place.accountId).toMatch(new RegExp(`/storageAccounts/${account}$`));
    expect(place.containerId).toBe(`${place.accountId}/blobServices/default/containers/transfer`);
  });

  it('is not found in an account that is not listed', async () => {
    await expect(scene.client.container(elsewhere())).rejects.toMatchObject({
      facts: { id: 'ACRT3044', message: expect.stringContaining('not among the resources') },
    });
  });

  it('is not found if listing is refused, with the reason', async () => {
    await answers('arm', 403, 'AuthorizationFailed');
    await expect(scene.client.container(scene.cloud.storage.containerUri)).rejects.toMatchObject({
      facts: { id: 'ACRT3044', message: expect.stringContaining('words of the service') },
    });
  });

  it('is created once', async () => {
    const uri = `${scene.cloud.storage.endpoint}/created`;
    expect(await scene.client.containerExists(uri)).toBe(false);
    expect(await scene.client.createContainer(uri)).toBe('done');
    expect(await scene.client.containerExists(uri)).toBe(true);
    expect(await scene.client.createContainer(uri)).toBe('unchanged');
  });

  it('is not created without the role', async () => {
    const uri = `${scene.cloud.storage.endpoint}/refused`;
    await without(/^Storage Blob Data/, () =>
      expect(scene.client.createContainer(uri)).rejects.toMatchObject({ facts: { id: 'ACRT5004' } }),
    );
  });
});

describe('a SAS', () => {
  const make = (days: number, key: 'account-key' | 'user-delegation', permissions = 'rl'): Promise<IssuedSas> =>
    scene.client.createSas(scene.cloud.storage.containerUri, permissions, { days, key });

  it.each([
    { key: 'account-key', days: 30, isAtLeast: 30 * DAY, isAtMost: 30 * DAY },
    { key: 'user-delegation', days: 2, isAtLeast: 2 * DAY, isAtMost: 2 * DAY },
    // The key is valid for seven days from its start, which is 15 minutes ago.
    { key: 'user-delegation', days: 7, isAtLeast: 7 * DAY - 15 * MINUTE, isAtMost: 7 * DAY - 15 * MINUTE },
  ] as const)('by $key for $days days', async ({ key, days, isAtLeast, isAtMost }) => {
    const before = Math.floor(Date.now() / 1000) * 1000;
    const { sas, startsAt, expiresAt } = await make(days, key);
    const after = Date.now();
    expect(startsAt).toBeGreaterThanOrEqual(before - 15 * MINUTE);
    expect(startsAt).toBeLessThanOrEqual(after - 15 * MINUTE);
    expect(expiresAt).toBeGreaterThanOrEqual(before + isAtLeast);
    expect(expiresAt).toBeLessThanOrEqual(after + isAtMost);
    const query = new URLSearchParams(sas);
    expect(query.get('spr')).toBe('https');
    expect(query.get('sp')).toBe('rl');
    expect(query.has('skoid')).toBe(key === 'user-delegation');
    expect(scene.masked).toContain(sas);
  });

  it('is used as the pipeline would', async () => {
    const made = await make(1, 'account-key');
    await expect(scene.client.testSas(scene.cloud.storage.containerUri, made)).resolves.toBeUndefined();
  });

  it('that storage refuses is a permanent error', async () => {
    const made = await make(1, 'account-key');
    await scene.sandbox.settings('source', { storage: { allowSharedKeyAccess: false } });
    await expect(scene.client.testSas(scene.cloud.storage.containerUri, made)).rejects.toMatchObject({
      facts: { id: 'ACRT3047' },
      temporary: null,
    });
  });

  it('may be refused until the role of its signer has spread', async () => {
    const made = await make(1, 'user-delegation');
    await answers('storage', 403, 'AuthorizationPermissionMismatch', 10);
    await expect(scene.client.testSas(scene.cloud.storage.containerUri, made)).rejects.toMatchObject({
      facts: { id: 'ACRT3047' },
      temporary: { throttled: false },
    });
  });

  it('is not made without a key', async () => {
    await scene.sandbox.settings('source', { storage: { delegation: 'refused' } });
    await expect(make(1, 'user-delegation')).rejects.toMatchObject({ facts: { id: 'ACRT3046' } });
    await without(/^Storage Account Key Operator/, () =>
      expect(make(1, 'account-key')).rejects.toMatchObject({
        facts: { id: 'ACRT3046', message: expect.stringContaining('account key') },
      }),
    );
  });
});

describe('the secret of a pipeline', () => {
  const now = Math.floor(Date.now() / 1000) * 1000;
  const made: IssuedSas = { sas: 'sv=2024-11-04&sr=c&sp=rl&sig=abc', startsAt: now - DAY, expiresAt: now + DAY };
  const missing = { ok: true, value: { kind: 'missing', createdFor: null } };

  it('is stored with its times and its pipeline, and removed once', async () => {
    const uri = secretUri('stored');
    expect(await scene.client.secret(uri)).toEqual(missing);
    await scene.client.storeSas(uri, made);
    expect(await scene.client.secret(uri)).toMatchObject({
      ok: true,
      value: {
        kind: 'found',
        enabled: true,
        createdFor: scene.pipeline.toLowerCase(),
        startsAt: made.startsAt,
        expiresAt: made.expiresAt,
      },
    });
    expect(await scene.client.removeSecret(uri)).toBe('done');
    expect(await scene.client.secret(uri)).toEqual(missing);
    expect(await scene.client.removeSecret(uri)).toBe('unchanged');
  });

  it('is recovered from the soft-deleted ones', async () => {
    const uri = secretUri('again');
    await scene.client.storeSas(uri, made);
    await scene.client.removeSecret(uri);
    const later = { ...made, expiresAt: made.expiresAt + DAY };
    await scene.client.storeSas(uri, later);
    expect(await scene.client.secret(uri)).toMatchObject({ value: { kind: 'found', expiresAt: later.expiresAt } });
  });

  it('of another creator is recognized', async () => {
    await scene.sandbox.setSecret('source', 'foreign', { value: made.sas });
    expect(await scene.client.secret(secretUri('foreign'))).toMatchObject({
      value: { kind: 'found', createdFor: null },
    });
  });

  it('is neither stored nor removed without the role', async () => {
    await scene.client.storeSas(secretUri('kept'), made);
    await without(/^Key Vault Secrets Officer/, async () => {
      await expect(scene.client.storeSas(secretUri('refused'), made)).rejects.toMatchObject({
        facts: { id: 'ACRT3048', message: expect.stringContaining(secretUri('refused')) },
      });
      await expect(scene.client.removeSecret(secretUri('kept'))).rejects.toMatchObject({ facts: { id: 'ACRT3048' } });
    });
    expect(await scene.client.secret(secretUri('kept'))).toMatchObject({ value: { kind: 'found' } });
  });

  it('has an address', async () => {
    const wrong = `${scene.cloud.vault}/keys/one`;
    await expect(scene.client.vault(wrong)).rejects.toMatchObject({ facts: { id: 'ACRT3044' } });
    await expect(async () => scene.client.removeSecret(wrong)).rejects.toThrow('not the address of a secret');
  });
});

describe('the vault of a secret', () => {
  it('is found by its address, with its permission model', async () => {
    const place = await scene.client.vault(secretUri('any'));
    expect(place).toMatchObject({ authorization: 'roles', vaultId: expect.stringMatching(`/vaults/${place.name}$`) });
    expect(place.secretId).toBe(`${place.vaultId}/secrets/any`);
    await scene.sandbox.settings('source', { vault: { authorization: 'policies' } });
    expect(await scene.client.vault(secretUri('any'))).toMatchObject({ authorization: 'policies' });
    await scene.sandbox.settings('source', { vault: { authorization: 'rbac' } });
  });

  it('is not found among others, or if listing is refused', async () => {
    await expect(scene.client.vault('https://127.0.0.1:1/secrets/any')).rejects.toMatchObject({
      facts: { id: 'ACRT3044', message: expect.stringContaining('not among the resources') },
    });
    await answers('arm', 403, 'AuthorizationFailed');
    await expect(scene.client.vault(secretUri('any'))).rejects.toMatchObject({
      facts: { id: 'ACRT3044', message: expect.stringContaining('words of the service') },
    });
  });

  it('grants a principal the permission to read, and revokes it', async () => {
    const { objectId } = scene.cloud.managedIdentity;
    await scene.sandbox.settings('source', { vault: { authorization: 'policies' } });
    const vault = await scene.client.vault(secretUri('any'));
    expect(await scene.client.allowSecrets(vault, objectId)).toBe('done');
    expect((await scene.sandbox.inventory('source')).policies[objectId]).toEqual(['get']);
    expect(await scene.client.disallowSecrets(vault, objectId)).toBe('done');
    expect((await scene.sandbox.inventory('source')).policies[objectId] ?? []).toEqual([]);
    await scene.sandbox.settings('source', { vault: { authorization: 'rbac' } });
  });
});

describe('a user-assigned identity', () => {
  it('has a principal if it exists', async () => {
    const { resourceId, objectId } = scene.cloud.managedIdentity;
    expect(await scene.client.principalOf(resourceId)).toBe(objectId);
    expect(await scene.client.principalOf(`${resourceId}-other`)).toBeNull();
  });
});
