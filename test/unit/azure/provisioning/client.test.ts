import { describe, expect, it } from '@jest/globals';
import { allowSecrets, disallowSecrets } from '../../../../src/azure/provisioning/key-vault.ts';
import { pipelineBody, putState, readState, removeState } from '../../../../src/azure/provisioning/pipelines.ts';
import { assignRole, listAssignments, unassignRole } from '../../../../src/azure/provisioning/role-assignments.ts';
import { SECRETS_USER } from '../../../../src/provisioning/role-grants.ts';
import { fakeClock, unlimited } from '../../transfer/ports/clock.fixture.ts';
import { CONTAINER, CONTAINER_ID, pipelineId, SECRET, USER_IDENTITY } from '../../provisioning/ports.fixture.ts';
import { present } from '../../provisioning/run.fixture.ts';
import { answer, armWith, refusal } from '../arm/client.fixture.ts';

const EXPORT = pipelineId('export');
const ORDER = { name: 'guid', roleId: SECRETS_USER.id, principalId: 'principal', scope: CONTAINER_ID };
const ASSIGNMENTS = `${CONTAINER_ID}/providers/Microsoft.Authorization/roleAssignments`;

describe('pipelineBody', () => {
  it('says nothing of a vault in the mode ManagedIdentity', () => {
    expect(pipelineBody('export', present().desired, null)).toEqual({
      identity: { type: 'SystemAssigned' },
      properties: {
        target: { type: 'AzureStorageBlobContainer', uri: CONTAINER, storageAccessMode: 'ManagedIdentity' },
        options: [],
      },
    });
  });

  it('has source, trigger and secret of an import by SAS, and the location that it has', () => {
    const wish = {
      ...present('import').desired,
      identity: { kind: 'user', resourceId: USER_IDENTITY },
      access: { kind: 'sas', secretUri: SECRET },
      options: ['OverwriteTags'],
    } as const;
    expect(pipelineBody('import', wish, 'WESTUS')).toEqual({
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
    { name: 'as it was sent', identity: { type: 'SystemAssigned', principalId: 'p' }, kind: { kind: 'system' } },
    { name: 'as it is recorded', identity: { type: 'systemAssigned', principalId: 'p' }, kind: { kind: 'system' } },
    {
      name: 'of a user',
      identity: { type: 'userAssigned', userAssignedIdentities: { [USER_IDENTITY]: { principalId: 'p' } } },
      kind: { kind: 'user', resourceId: USER_IDENTITY },
    },
    { name: 'of both kinds', identity: { type: 'SystemAssigned, UserAssigned', principalId: 'p' }, kind: null },
  ])('knows an identity $name', async ({ identity, kind }) => {
    const arm = armWith({ [EXPORT.resourceId]: answer(body(identity)) });
    expect(await readState(arm, EXPORT)).toMatchObject({ identity: kind, principalId: 'p', location: null });
    expect(await putState(arm, EXPORT, present().desired, null)).toMatchObject({ identity: kind });
  });

  it('is removed, or was not there', async () => {
    expect(await removeState(armWith({ [EXPORT.resourceId]: answer(undefined) }), EXPORT)).toBe('done');
    expect(await removeState(armWith({ [EXPORT.resourceId]: answer(undefined, { status: 204 }) }), EXPORT)).toBe(
      'was-so',
    );
    expect(await removeState(armWith({}), EXPORT)).toBe('was-so');
    const locked = armWith({ [EXPORT.resourceId]: refusal(409, 'ScopeLocked') });
    await expect(removeState(locked, EXPORT)).rejects.toMatchObject({ facts: { id: 'ACRT3036' } });
  });
});

describe('role assignments', () => {
  const terms = () => ({ clock: fakeClock(), signal: unlimited() });
  const at = (given: ReturnType<typeof answer>) => armWith({ [`${ASSIGNMENTS}/guid`]: given });

  it('are made by id of the role, and with the type of the principal', async () => {
    const arm = at(answer({}, { status: 201 }));
    expect(await assignRole(arm, ORDER, terms())).toBe('done');
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

  it('may have been there under another name', async () => {
    expect(await assignRole(at(refusal(409, 'RoleAssignmentExists')), ORDER, terms())).toBe('was-so');
  });

  it('tell what somebody else has to do', async () => {
    await expect(assignRole(at(refusal(403, 'AuthorizationFailed')), ORDER, terms())).rejects.toMatchObject({
      facts: { id: 'ACRT3042', message: expect.stringContaining('"Key Vault Secrets User"') },
    });
  });

  it('are not tried again after another refusal', async () => {
    const patient = terms();
    await expect(assignRole(at(refusal(400, 'BadRequest')), ORDER, patient)).rejects.toMatchObject({
      facts: { id: 'ACRT3009' },
    });
    expect(patient.clock.slept).toEqual([]);
  });

  it('wait for a principal that the directory does not know yet, and not for ever', async () => {
    const patient = terms();
    await expect(assignRole(at(refusal(400, 'PrincipalNotFound')), ORDER, patient)).rejects.toMatchObject({
      facts: { id: 'ACRT3009' },
    });
    expect(patient.clock.slept).toHaveLength(11);
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
    const arm = armWith({ [`${ASSIGNMENTS}?atScope()`]: answer({ value }) });
    expect((await listAssignments(arm, CONTAINER_ID)).map(({ name }) => name)).toEqual(['here']);
  });

  it('are taken away, or were not there', async () => {
    expect(await unassignRole(at(answer({})), `${ASSIGNMENTS}/guid`)).toBe('done');
    expect(await unassignRole(at(answer(undefined, { status: 204 })), `${ASSIGNMENTS}/guid`)).toBe('was-so');
    expect(await unassignRole(armWith({}), `${ASSIGNMENTS}/guid`)).toBe('was-so');
  });

  it('are taken away one at a time, by their ID', async () => {
    const arm = at(answer({}));
    await unassignRole(arm, `${ASSIGNMENTS}/guid`);
    expect(arm.puts).toEqual([{ id: `${ASSIGNMENTS}/guid`, body: null }]);
  });

  it('stay where they may not be taken away', async () => {
    await expect(unassignRole(at(refusal(403, 'AuthorizationFailed')), `${ASSIGNMENTS}/guid`)).rejects.toMatchObject({
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
  const known = { [VAULT.vaultId]: answer({ properties: { tenantId: 'tenant' } }) };

  it('are added to, in the tenant of the vault', async () => {
    const arm = armWith({ ...known, [`${VAULT.vaultId}/accessPolicies/add`]: answer({}) });
    expect(await allowSecrets(arm, VAULT, 'principal')).toBe('done');
    expect(arm.puts[0]?.body).toEqual({
      properties: {
        accessPolicies: [{ tenantId: 'tenant', objectId: 'principal', permissions: { secrets: ['get'] } }],
      },
    });
  });

  it('tell what somebody else has to do', async () => {
    const arm = armWith({ ...known, [`${VAULT.vaultId}/accessPolicies/add`]: refusal(403, 'AuthorizationFailed') });
    await expect(allowSecrets(arm, VAULT, 'principal')).rejects.toMatchObject({ facts: { id: 'ACRT3043' } });
  });

  it('lose the right to get secrets of one principal, and nothing else', async () => {
    const arm = armWith({ ...known, [`${VAULT.vaultId}/accessPolicies/remove`]: answer({}) });
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

  it('stay where they may not be changed', async () => {
    const arm = armWith({ ...known, [`${VAULT.vaultId}/accessPolicies/remove`]: refusal(403, 'AuthorizationFailed') });
    await expect(disallowSecrets(arm, VAULT, 'principal')).rejects.toMatchObject({ facts: { id: 'ACRT3002' } });
  });
});
