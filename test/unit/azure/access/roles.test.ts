import { describe, expect, it } from '@jest/globals';
import { grantedBlobPermissions, allowsDataAction, readGrants } from '../../../../src/azure/access/roles.ts';
import type { BlobPermissions, Observation } from '../../../../src/transfer/ports/access-inspector.ts';
import { response, armWith, errorResponse } from '../arm/client.fixture.ts';

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
  [`${ROLES}/${CUSTOM}`]: response({ properties: { roleName: 'mine', permissions: [{ dataActions }] } }),
});

async function permissionsOf(assignments: readonly unknown[], more = {}): Promise<Observation<BlobPermissions>> {
  const arm = armWith({ [`${LIST}?assignedTo('p')`]: response({ value: assignments }), ...more });
  return grantedBlobPermissions(await readGrants(arm, 'p', SCOPE));
}

const observed = (read: boolean, write: boolean, remove: boolean) => ({
  ok: true,
  value: { read, write, delete: remove },
});

describe('grantedBlobPermissions', () => {
  it.each([
    { name: 'nothing', assignments: [], observation: observed(false, false, false) },
    { name: 'Storage Blob Data Owner', assignments: [assigned(OWNER)], observation: observed(true, true, true) },
    {
      name: 'Storage Blob Data Contributor',
      assignments: [assigned(CONTRIBUTOR)],
      observation: observed(true, true, true),
    },
    { name: 'Storage Blob Data Reader', assignments: [assigned(READER)], observation: observed(true, false, false) },
    {
      name: 'Owner, without data actions',
      assignments: [assigned(PLAIN_OWNER)],
      observation: observed(false, false, false),
    },
    {
      name: 'a GUID in capitals',
      assignments: [assigned(READER.toUpperCase())],
      observation: observed(true, false, false),
    },
    {
      name: 'the account',
      assignments: [assigned(READER, ACCOUNT.toUpperCase())],
      observation: observed(true, false, false),
    },
    { name: 'the root', assignments: [assigned(READER, '/')], observation: observed(true, false, false) },
    {
      name: 'a management group',
      assignments: [assigned(READER, '/providers/Microsoft.Management/managementGroups/m')],
      observation: observed(true, false, false),
    },
    {
      name: 'another container',
      assignments: [assigned(READER, `${SCOPE}2`)],
      observation: observed(false, false, false),
    },
    {
      name: 'something below',
      assignments: [assigned(READER, `${SCOPE}/x`)],
      observation: observed(false, false, false),
    },
    {
      name: 'a condition on a role that is not needed',
      assignments: [assigned(OWNER), assigned(READER, SCOPE, '@Resource…')],
      observation: observed(true, true, true),
    },
    {
      name: 'a condition',
      assignments: [assigned(READER, SCOPE, '@Resource…')],
      observation: { ok: false, problem: `it depends on the condition of the role ${READER}` },
    },
    {
      name: 'a condition on a role without data',
      assignments: [assigned(PLAIN_OWNER, SCOPE, '@Resource…')],
      observation: observed(false, false, false),
    },
    {
      name: 'a custom role that cannot be read',
      assignments: [assigned(CUSTOM)],
      observation: { ok: false, problem: `the role ${CUSTOM} might allow it, but can't be read` },
    },
    {
      name: 'a custom role that cannot be read, next to a sufficient one',
      assignments: [assigned(CUSTOM), assigned(OWNER)],
      observation: observed(true, true, true),
    },
  ])('by $name', async ({ assignments, observation }) => {
    expect(await permissionsOf(assignments)).toEqual(observation);
  });

  it('by a custom role that can be read', async () => {
    expect(await permissionsOf([assigned(CUSTOM)], definition([`${BLOBS}/read`, `${BLOBS}/delete`]))).toEqual(
      observed(true, false, true),
    );
  });
});

describe('a directory that cannot be read', () => {
  const direct = (...roles: readonly string[]) =>
    armWith({
      [`${LIST}?assignedTo('p')`]: errorResponse(403, 'Authorization_RequestDenied'),
      [`${LIST}?principalId eq 'p'`]: response({ value: roles.map((role) => assigned(role)) }),
    });

  it('leaves the roles that are assigned directly', async () => {
    expect(grantedBlobPermissions(await readGrants(direct(OWNER), 'p', SCOPE))).toEqual(observed(true, true, true));
  });

  it('reports unknown permissions if a group might allow them', async () => {
    const grants = await readGrants(direct(READER), 'p', SCOPE);
    expect(allowsDataAction(grants, `${BLOBS}/read`)).toEqual({ ok: true, value: true });
    expect(allowsDataAction(grants, `${BLOBS}/write`)).toEqual({
      ok: false,
      problem: expect.stringContaining('group'),
    });
  });
});

describe('role assignments', () => {
  it('that cannot be listed are an error', async () => {
    await expect(readGrants(armWith({}), 'p', SCOPE)).rejects.toThrow(
      /^cannot list role assignments: ResourceNotFound/,
    );
  });

  it('are filtered by the quoted principal', async () => {
    const arm = armWith({});
    await expect(readGrants(arm, "p') or ('", SCOPE)).rejects.toThrow('cannot list');
    expect(arm.requests[0]).toBe(`${LIST}?assignedTo('p'') or (''')`);
  });
});
