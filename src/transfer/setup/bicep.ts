/** What somebody else with more rights deploys, in Bicep. Values come from ARM or were checked; none holds a quote. */

const quoted = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;

/** Name of a resource by the last part of its ID. */
const lastName = (id: string): string => id.slice(id.lastIndexOf('/') + 1);

/**
 * The parents of a scope as Bicep names a resource that exists: `account/default/container`. Types of resource IDs alternate
 * with names after the provider.
 */
function existing(scope: string): { readonly type: string; readonly name: string } {
  const [provider = '', ...parts] = scope.slice(scope.lastIndexOf('/providers/') + '/providers/'.length).split('/');
  const types = parts.filter((_, index) => index % 2 === 0);
  const names = parts.filter((_, index) => index % 2 === 1);
  return { type: [provider, ...types].join('/'), name: names.join('/') };
}

/** API versions of what roles are assigned at. */
const VERSIONS: ReadonlyMap<string, string> = new Map([
  ['microsoft.storage/storageaccounts/blobservices/containers', '2023-05-01'],
  ['microsoft.keyvault/vaults/secrets', '2023-07-01'],
]);

/** A role assignment. */
export function assignmentInBicep(order: {
  readonly roleId: string;
  readonly principal: string;
  readonly scope: string;
}): string {
  const { type, name } = existing(order.scope);
  const version = VERSIONS.get(type.toLowerCase()) ?? '2023-05-01';
  return [
    `resource scope ${quoted(`${type}@${version}`)} existing = { name: ${quoted(name)} }`,
    `resource role 'Microsoft.Authorization/roleAssignments@2022-04-01' = {`,
    `  scope: scope`,
    `  name: guid(scope.id, ${quoted(order.principal)}, ${quoted(order.roleId)})`,
    `  properties: { principalId: ${quoted(order.principal)}, principalType: 'ServicePrincipal', roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', ${quoted(order.roleId)}) }`,
    `}`,
  ].join('\n  ');
}

/** An access policy that lets a principal read secrets. */
export const policyInBicep = ({
  principal,
  vaultId,
}: {
  readonly principal: string;
  readonly vaultId: string;
}): string =>
  [
    `resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = { name: ${quoted(lastName(vaultId))} }`,
    `resource policy 'Microsoft.KeyVault/vaults/accessPolicies@2023-07-01' = {`,
    `  parent: vault`,
    `  name: 'add'`,
    `  properties: { accessPolicies: [ { tenantId: subscription().tenantId, objectId: ${quoted(principal)}, permissions: { secrets: [ 'get' ] } } ] }`,
    `}`,
  ].join('\n  ');
