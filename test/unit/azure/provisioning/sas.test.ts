import { describe, expect, it } from '@jest/globals';
import { createSas } from '../../../../src/azure/provisioning/sas.ts';
import { containerNeed } from '../../../../src/provisioning/role-grants.ts';
import { CONTAINER, CONTAINER_ID } from '../../provisioning/ports.fixture.ts';
import { answer, armWith, refusal } from '../arm/client.fixture.ts';

const ACCOUNT_ID = CONTAINER_ID.replace('/blobServices/default/containers/transfer', '');
const PLACE = { account: 'account', accountId: ACCOUNT_ID, containerId: CONTAINER_ID };
const KEY = Buffer.from('a key').toString('base64');
const NOW = Date.UTC(2026, 0, 1, 0, 0, 0, 7);
const LIFE = { days: 30, key: 'account-key' } as const;

const accessWith = (listed: ReturnType<typeof answer>) => {
  const masked: string[] = [];
  const arm = armWith({ [`${ACCOUNT_ID}/listKeys`]: listed });
  const mask = (secret: string): void => {
    masked.push(secret);
  };
  const credential = { getToken: () => Promise.resolve(null) };
  return { masked, access: { arm, credential, audience: null, mask, now: () => NOW } };
};

const KEYS = answer({ keys: [{ value: KEY }, { value: 'another' }] });

describe('a SAS signed with the account key', () => {
  it.each([
    { name: 'an export', permissions: containerNeed('export', []).permissions },
    { name: 'an import', permissions: containerNeed('import', []).permissions },
    { name: 'a deleting import', permissions: containerNeed('import', ['DeleteSourceBlobOnSuccess']).permissions },
    ...Array.from('rawdl', (letter) => ({ name: `${letter} alone`, permissions: letter })),
  ])('gives exactly what was asked for: $name', async ({ permissions }) => {
    const { access, masked } = accessWith(KEYS);
    const made = await createSas(CONTAINER, PLACE, permissions, LIFE, access);
    const fields = new URLSearchParams(made.sas);
    expect([fields.get('sp'), fields.get('sr'), fields.get('spr')]).toEqual([permissions, 'c', 'https']);
    expect([fields.get('st'), fields.get('se')]).toEqual(['2025-12-31T23:45:00Z', '2026-01-31T00:00:00Z']);
    expect([made.startsAt, made.expiresAt]).toEqual([Date.UTC(2025, 11, 31, 23, 45), Date.UTC(2026, 0, 31)]);
    expect(masked).toEqual([KEY, made.sas]);
  });

  it('is not made without the right to list the keys', async () => {
    const { access } = accessWith(refusal(403, 'AuthorizationFailed'));
    await expect(createSas(CONTAINER, PLACE, 'rl', LIFE, access)).rejects.toMatchObject({ facts: { id: 'ACRT3046' } });
  });
});
