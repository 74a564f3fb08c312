import { describe, expect, it } from '@jest/globals';
import { allowSecrets, disallowSecrets } from '../../../../src/azure/provisioning/key-vault.ts';
import { pipelineBody, putState, readState, removeState } from '../../../../src/azure/provisioning/pipelines.ts';
import { assignRole, listAssignments, unassignRole } from '../../../../src/azure/provisioning/role-assignments.ts';
import { SECRETS_USER } from '../../../../src/provisioning/role-grants.ts';
import { fakeClock, unlimited } from '../../transfer/ports/clock.fixture.ts';
import { CONTAINER, CONTAINER_ID, pipelineId, SECRET, USER_IDENTITY } from '../../provisioning/ports.fixture.ts';
import { present } from '../../provisioning/run.fixture.ts';
import { response, armWith, errorResponse } from '../arm/client.fixture.ts';

const EXPORT = pipelineId('export');
const REQUEST = { name: 'guid', roleId: SECRETS_USER.id, principalId: 'principal', scope: CONTAINER_ID };
const ASSIGNMENTS = `${CONTAINER_ID}/providers/Microsoft.Authorization/roleAssignments`;

describe('pipelineBody', () => {
  it('contains no vault in the mode ManagedIdentity', () => {
    expect(pipelineBody('export', present().desired, null)).toEqual({
      identity: { type: 'SystemAssigned' },
      properties: {
        target: { type: 'AzureStorageBlobContainer', uri: CONTAINER, storageAccessMode: 'ManagedIdentity' },
        options: [],
      },
    });
  });

  it('contains source, trigger, secret and location of an import by SAS', () => {
    const desired = {
      ...present('import').desired,
      identity: { kind: 'user', resourceId: USER_IDENTITY },
      access: { kind: 'sas', secretUri: SECRET },
      options: ['OverwriteTags'],
    } as const;
    expect(pipelineBody('import', desired, 'WESTUS')).toEqual({
      location: 'WESTUS',
      identity: { type: 'UserAssigned', userAssignedIdentities: { [USER_IDENTITY]: {} } },
      properties: {
        source: {
          type: 'AzureStorageBlobContainer',
          uri: CONTAINER,
          storageAccessMode: 'SasToken',
          keyVaultUri: SECRET,
        },
        trigger: { sourceTrigger: { status: 'Disabled' } },
        options: ['OverwriteTags'],
      },
    });
  });
});

describe('the state of a pipeline', () => {
  const body = (identity: object): object => ({
    id: EXPORT.resourceId,
    identity,
    properties: { provisioningState: 'Succeeded', target: { uri: CONTAINER, storageAccessMode: 'ManagedIdentity' } },
  });

  it.each([
    { name: 'as sent', identity: { type: 'SystemAssigned', principalId: 'p' }, kind: { kind: 'system' } },
    { name: 'as recorded', identity: { type: 'systemAssigned', principalId: 'p' }, kind: { kind: 'system' } },
    {
      name: 'of a user',
      identity: { type: 'userAssigned', userAssignedIdentities: { [USER_IDENTITY]: { principalId: 'p' } } },
      kind: { kind: 'user', resourceId: USER_IDENTITY },
    },
    {
      name: 'of another kind',
      identity: { type: 'None', principalId: 'p', userAssignedIdentities: { [USER_IDENTITY]: {} } },
      kind: null,
    },
    { name: 'of both kinds', identity: { type: 'SystemAssigned, UserAssigned', principalId: 'p' }, kind: null },
  ])('has an identity $name', async ({ identity, kind }) => {
    const arm = armWith({ [EXPORT.resourceId]: response(body(identity)) });
    expect(await readState(arm, EXPORT)).toMatchObject({ identity: kind, principalId: 'p', location: null });
    expect(await putState(arm, EXPORT, present().desired, null)).toMatchObject({ identity: kind });
  });

  it('is removed, or did not exist', async () => {
    expect(await removeState(armWith({ [EXPORT.resourceId]: response(undefined) }), EXPORT)).toBe('done');
    expect(await removeState(armWith({ [EXPORT.resourceId]: response(undefined, { status: 204 }) }), EXPORT)).toBe(
      'unchanged',
    );
    expect(await removeState(armWith({}), EXPORT)).toBe('unchanged');
    const locked = armWith({ [EXPORT.resourceId]: errorResponse(409, 'ScopeLocked') });
    await expect(removeState(locked, EXPORT)).rejects.toMatchObject({ facts: { id: 'ACRT3036' } });
  });
});

describe('role assignments', () => {
  const options = () => ({ clock: fakeClock(), signal: unlimited() });
  const armReturning = (result: ReturnType<typeof response>) => armWith({ [`${ASSIGNMENTS}/guid`]: result });

  it('are created by the id of the role, with the type of the principal', async () => {
    const arm = armReturning(response({}, { status: 201 }));
    expect(await assignRole(arm, REQUEST, options())).toBe('done');
    expect(arm.puts).toEqual([
      {
        id: `${ASSIGNMENTS}/guid`,
        body: {
          properties: {
            roleDefinitionId: expect.stringMatching(
              /^\/subscriptions\/[^/]+\/providers\/Microsoft\.Authorization\/roleDefinitions\/4633458b-/,
            ),
            principalId: 'principal',
            principalType: 'ServicePrincipal',
          },
        },
      },
    ]);
  });

  it('can exist under another name', async () => {
    expect(await assignRole(armReturning(errorResponse(409, 'RoleAssignmentExists')), REQUEST, options())).toBe(
      'unchanged',
    );
  });

  it('name the missing permission', async () => {
    await expect(
      assignRole(armReturning(errorResponse(403, 'AuthorizationFailed')), REQUEST, options()),
    ).rejects.toMatchObject({
      facts: { id: 'ACRT3042', message: expect.stringContaining('"Key Vault Secrets User"') },
    });
  });

  it('are not retried after another error', async () => {
    const retryOptions = options();
    await expect(
      assignRole(armReturning(errorResponse(400, 'BadRequest')), REQUEST, retryOptions),
    ).rejects.toMatchObject({
      facts: { id: 'ACRT3009' },
    });
    expect(retryOptions.clock.slept).toEqual([]);
  });

  it('are retried eleven times for a principal that is not in the directory yet', async () => {
    const retryOptions = options();
    await expect(
      assignRole(armReturning(errorResponse(400, 'PrincipalNotFound')), REQUEST, retryOptions),
    ).rejects.toMatchObject({
      facts: { id: 'ACRT3009' },
    });
    expect(retryOptions.clock.slept).toHaveLength(11);
  });

  it('are listed at exactly the scope', async () => {
    const item = (name: string, scope: string): object => ({
      id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
      name,
      properties: { roleDefinitionId: `/providers/x/roleDefinitions/${SECRETS_USER.id}`, principalId: 'p', scope },
    });
    const value = [
      item('here', CONTAINER_ID.toUpperCase().replace('/SUBSCRIPTIONS/', '/subscriptions/')),
      item('above', '/subscriptions/x'),
    ];
    const arm = armWith({ [`${ASSIGNMENTS}?atScope()`]: response({ value }) });
    expect((await listAssignments(arm, CONTAINER_ID)).map(({ name }) => name)).toEqual(['here']);
  });

  it('are removed, or did not exist', async () => {
    expect(await unassignRole(armReturning(response({})), `${ASSIGNMENTS}/guid`)).toBe('done');
    expect(await unassignRole(armReturning(response(undefined, { status: 204 })), `${ASSIGNMENTS}/guid`)).toBe(
      'unchanged',
    );
    expect(await unassignRole(armWith({}), `${ASSIGNMENTS}/guid`)).toBe('unchanged');
  });

  it('are removed one at a time, by their ID', async () => {
    const arm = armReturning(response({}));
    await unassignRole(arm, `${ASSIGNMENTS}/guid`);
    expect(arm.puts).toEqual([{ id: `${ASSIGNMENTS}/guid`, body: null }]);
  });

  it('stay without permission to remove them', async () => {
    await expect(
      unassignRole(armReturning(errorResponse(403, 'AuthorizationFailed')), `${ASSIGNMENTS}/guid`),
    ).rejects.toMatchObject({
      facts: { id: 'ACRT3002' },
    });
  });
});

describe('access policies', () => {
  const VAULT = {
    name: 'vault',
    vaultId: '/subscriptions/s/vaults/vault',
    secretId: '',
    authorization: 'policies',
  } as const;
  const vaultResponse = { [VAULT.vaultId]: response({ properties: { tenantId: 'tenant' } }) };

  it('are added in the tenant of the vault', async () => {
    const arm = armWith({ ...vaultResponse, [`${VAULT.vaultId}/accessPolicies/add`]: response({}) });
    expect(await allowSecrets(arm, VAULT, 'principal')).toBe('done');
    expect(arm.puts[0]?.body).toEqual({
      properties: {
        accessPolicies: [{ tenantId: 'tenant', objectId: 'principal', permissions: { secrets: ['get'] } }],
      },
    });
  });

  it('name the missing permission', async () => {
    const arm = armWith({
      ...vaultResponse,
      [`${VAULT.vaultId}/accessPolicies/add`]: errorResponse(403, 'AuthorizationFailed'),
    });
    await expect(allowSecrets(arm, VAULT, 'principal')).rejects.toMatchObject({ facts: { id: 'ACRT3043' } });
  });

  it('lose only the permission of one principal to get secrets', async () => {
    const arm = armWith({ ...vaultResponse, [`${VAULT.vaultId}/accessPolicies/remove`]: response({}) });
    expect(await disallowSecrets(arm, VAULT, 'principal')).toBe('done');
    expect(arm.puts).toEqual([
      {
        id: `${VAULT.vaultId}/accessPolicies/remove`,
        body: {
          properties: {
            accessPolicies: [{ tenantId: 'tenant', objectId: 'principal', permissions: { secrets: ['get'] } }],
          },
        },
      },
    ]);
  });

  it('stay without permission to change them', async () => {
    const arm = armWith({
      ...vaultResponse,
      [`${VAULT.vaultId}/accessPolicies/remove`]: errorResponse(403, 'AuthorizationFailed'),
    });
    await expect(disallowSecrets(arm, VAULT, 'principal')).rejects.toMatchObject({ facts: { id: 'ACRT3002' } });
  });
});
