import { describe, expect, it } from '@jest/globals';
import { assignmentInBicep, policyInBicep } from '../../../../src/transfer/errors/catalog-entry.ts';
import { CONTAINER_ID, SUBSCRIPTION } from '../../provisioning/ports.fixture.ts';

const VAULT_ID = `/subscriptions/${SUBSCRIPTION}/resourceGroups/transfer/providers/Microsoft.KeyVault/vaults/vault`;

describe('assignmentInBicep', () => {
  const order = { roleId: 'role-id', principal: 'principal-id' };

  it.each([
    {
      scope: CONTAINER_ID,
      type: 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01',
      name: 'account/default/transfer',
    },
    { scope: `${VAULT_ID}/secrets/sas`, type: 'Microsoft.KeyVault/vaults/secrets@2023-07-01', name: 'vault/sas' },
    {
      scope: '/subscriptions/s/providers/Microsoft.Other/things/one',
      type: 'Microsoft.Other/things@2023-05-01',
      name: 'one',
    },
  ])('declares $name as an existing resource', ({ scope, type, name }) => {
    const [resource, role, ...rest] = assignmentInBicep({ ...order, scope }).split('\n');
    expect(resource).toBe(`resource scope '${type}' existing = { name: '${name}' }`);
    expect(role).toBe("  resource role 'Microsoft.Authorization/roleAssignments@2022-04-01' = {");
    expect(rest.join('\n')).toContain("name: guid(scope.id, 'principal-id', 'role-id')");
  });
});

describe('policyInBicep', () => {
  it('declares the vault by its name', () => {
    expect(policyInBicep({ principal: 'principal-id', vaultId: VAULT_ID })).toMatch(
      /^resource vault 'Microsoft\.KeyVault\/vaults@2023-07-01' existing = \{ name: 'vault' \}\n/,
    );
  });
});
