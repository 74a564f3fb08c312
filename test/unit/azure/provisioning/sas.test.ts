import { describe, expect, it } from '@jest/globals';
import { createSas } from '../../../../src/azure/provisioning/sas.ts';
import { containerNeed } from '../../../../src/provisioning/role-grants.ts';
import { CONTAINER, CONTAINER_ID } from '../../provisioning/ports.fixture.ts';
import { response, armWith, errorResponse } from '../arm/client.fixture.ts';

const ACCOUNT_ID = CONTAINER_ID.replace('/blobServices/default/containers/transfer', '');
const CONTAINER_RESOURCE = { account: 'account', accountId: ACCOUNT_ID, containerId: CONTAINER_ID };
const KEY = Buffer.from('a key').toString('base64');
const NOW = Date.UTC(2026, 0, 1, 0, 0, 0, 7);
const LIFETIME = { days: 30, key: 'account-key' } as const;

const accessWith = (listed: ReturnType<typeof response>) => {
  const masked: string[] = [];
  const arm = armWith({ [`${ACCOUNT_ID}/listKeys`]: listed });
  const mask = (secret: string): void => {
    masked.push(secret);
  };
  const credential = { getToken: () => Promise.resolve(null) };
  return { masked, access: { arm, credential, audience: null, mask, now: () => NOW } };
};

const KEYS = response({ keys: [{ value: KEY }, { value: 'another' }] });

describe('a SAS signed with the account key', () => {
  it.each([
    { name: 'an export', permissions: containerNeed('export', []).permissions },
    { name: 'an import', permissions: containerNeed('import', []).permissions },
    { name: 'a deleting import', permissions: containerNeed('import', ['DeleteSourceBlobOnSuccess']).permissions },
    ...Array.from('rawdl', (letter) => ({ name: `${letter} alone`, permissions: letter })),
  ])('grants exactly the requested permissions: $name', async ({ permissions }) => {
    const { access, masked } = accessWith(KEYS);
    const issued = await createSas(CONTAINER, CONTAINER_RESOURCE, permissions, LIFETIME, access);
    const fields = new URLSearchParams(issued.sas);
    expect([fields.get('sp'), fields.get('sr'), fields.get('spr')]).toEqual([permissions, 'c', 'https']);
    expect([fields.get('st'), fields.get('se')]).toEqual(['2025-12-31T23:45:00Z', '2026-01-31T00:00:00Z']);
    expect([issued.startsAt, issued.expiresAt]).toEqual([Date.UTC(2025, 11, 31, 23, 45), Date.UTC(2026, 0, 31)]);
    expect(masked).toEqual([KEY, issued.sas]);
  });

  it('is not created without permission to list the keys', async () => {
    const { access } = accessWith(errorResponse(403, 'AuthorizationFailed'));
    await expect(createSas(CONTAINER, CONTAINER_RESOURCE, 'rl', LIFETIME, access)).rejects.toMatchObject({
      facts: { id: 'ACRT3046' },
    });
  });
});
