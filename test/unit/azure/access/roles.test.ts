import { describe, expect, it } from '@jest/globals';
import { grantedRights, mayAct, readGrants } from '../../../../src/azure/access/roles.ts';
import type { BlobPermissions, Observation } from '../../../../src/transfer/ports/access-inspector.ts';
import { answer, armWith, refusal } from '../arm/client.fixture.ts';

const ACCOUNT = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/account';
const SCOPE = `${ACCOUNT}/blobServices/default/containers/transfer`;
const LIST = `${SCOPE}/providers/Microsoft.Authorization/roleAssignments`;
const ROLES = '/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions';
const [OWNER, CONTRIBUTOR, READER, PLAIN_OWNER, CUSTOM] = [
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
  'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
  '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
  '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
  '00000000-0000-0000-0000-000000000001',
];
const BLOBS = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs';

const assigned = (role: string, scope = SCOPE, condition: string | null = null): unknown => ({
  properties: { scope, roleDefinitionId: `${ROLES}/${role}`, principalId: 'p', condition },
});

const definition = (dataActions: readonly string[]) => ({
  [`${ROLES}/${CUSTOM}`]: answer({ properties: { roleName: 'mine', permissions: [{ dataActions }] } }),
});

async function rights(assignments: readonly unknown[], more = {}): Promise<Observation<BlobPermissions>> {
  const arm = armWith({ [`${LIST}?assignedTo('p')`]: answer({ value: assignments }), ...more });
  return grantedRights(await readGrants(arm, 'p', SCOPE));
}

const seen = (read: boolean, write: boolean, remove: boolean) => ({
  kind: 'seen',
  value: { read, write, delete: remove },
});

describe('the rights that roles give', () => {
  it.each([
    { name: 'nothing', assignments: [], look: seen(false, false, false) },
    { name: 'Storage Blob Data Owner', assignments: [assigned(OWNER)], look: seen(true, true, true) },
    { name: 'Storage Blob Data Contributor', assignments: [assigned(CONTRIBUTOR)], look: seen(true, true, true) },
    { name: 'Storage Blob Data Reader', assignments: [assigned(READER)], look: seen(true, false, false) },
    { name: 'Owner, who may not touch data', assignments: [assigned(PLAIN_OWNER)], look: seen(false, false, false) },
    { name: 'a GUID in capitals', assignments: [assigned(READER.toUpperCase())], look: seen(true, false, false) },
    { name: 'the account', assignments: [assigned(READER, ACCOUNT.toUpperCase())], look: seen(true, false, false) },
    { name: 'the root', assignments: [assigned(READER, '/')], look: seen(true, false, false) },
    {
      name: 'a management group',
      assignments: [assigned(READER, '/providers/Microsoft.Management/managementGroups/m')],
      look: seen(true, false, false),
    },
    { name: 'another container', assignments: [assigned(READER, `${SCOPE}2`)], look: seen(false, false, false) },
    { name: 'something below', assignments: [assigned(READER, `${SCOPE}/x`)], look: seen(false, false, false) },
    {
      name: 'a condition that does not matter',
      assignments: [assigned(OWNER), assigned(READER, SCOPE, '@Resource…')],
      look: seen(true, true, true),
    },
    {
      name: 'a condition',
      assignments: [assigned(READER, SCOPE, '@Resource…')],
      look: { kind: 'unseen', why: `it depends on the condition of the role ${READER}` },
    },
    {
      name: 'a condition on a role without data',
      assignments: [assigned(PLAIN_OWNER, SCOPE, '@Resource…')],
      look: seen(false, false, false),
    },
    {
      name: 'a custom role that may not be read',
      assignments: [assigned(CUSTOM)],
      look: { kind: 'unseen', why: `it may be allowed by the role ${CUSTOM}, which may not be read` },
    },
    {
      name: 'a custom role that may not be read, beside one that is enough',
      assignments: [assigned(CUSTOM), assigned(OWNER)],
      look: seen(true, true, true),
    },
  ])('by $name', async ({ assignments, look }) => {
    expect(await rights(assignments)).toEqual(look);
  });

  it('by a custom role that may be read', async () => {
    expect(await rights([assigned(CUSTOM)], definition([`${BLOBS}/read`, `${BLOBS}/delete`]))).toEqual(
      seen(true, false, true),
    );
  });
});

describe('a directory that may not be looked into', () => {
  const direct = (...roles: readonly string[]) =>
    armWith({
      [`${LIST}?assignedTo('p')`]: refusal(403, 'Authorization_RequestDenied'),
      [`${LIST}?principalId eq 'p'`]: answer({ value: roles.map((role) => assigned(role)) }),
    });

  it('leaves what is given directly', async () => {
    expect(grantedRights(await readGrants(direct(OWNER), 'p', SCOPE))).toEqual(seen(true, true, true));
  });

  it('leaves open what a group may give', async () => {
    const grants = await readGrants(direct(READER), 'p', SCOPE);
    expect(mayAct(grants, `${BLOBS}/read`)).toEqual({ kind: 'seen', value: true });
    expect(mayAct(grants, `${BLOBS}/write`)).toEqual({ kind: 'unseen', why: expect.stringContaining('group') });
  });
});

describe('role assignments', () => {
  it('that may not be listed are told', async () => {
    await expect(readGrants(armWith({}), 'p', SCOPE)).rejects.toThrow(
      /^cannot list role assignments: ResourceNotFound/,
    );
  });

  it('are asked for by the principal alone, whatever it is called', async () => {
    const arm = armWith({});
    await expect(readGrants(arm, "p') or ('", SCOPE)).rejects.toThrow('cannot list');
    expect(arm.asked[0]).toBe(`${LIST}?assignedTo('p'') or (''')`);
  });
});
