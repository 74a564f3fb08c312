/** ACRT3042 to ACRT3049. */
import { assignmentInBicep, entry, policyInBicep } from './catalog-entry.ts';

/** ACRT3042 to ACRT3049: provisioning. */
export const PROVISIONING_ERRORS = {
  ACRT3042: entry<{ role: string; roleId: string; principal: string; scope: string; reason: string }>({
    title: 'This step may not assign the role that the pipeline needs',
    meaning:
      'Assigning roles is a right of its own (Microsoft.Authorization/roleAssignments/write). Everything else has been set up; whoever has that right can do the rest.',
    evidence: 'ARM: 403 to the PUT of a role assignment (Microsoft: "Assign Azure roles using the REST API").',
    message: (v) => `"${v.role}" could not be assigned to ${v.principal} at ${v.scope}: ${v.reason}`,
    remedy: (v) =>
      `Let somebody with the role "Role Based Access Control Administrator" there do one of these, then run this step again:\n  az role assignment create --role ${v.roleId} --assignee-object-id ${v.principal} --assignee-principal-type ServicePrincipal --scope ${v.scope}\nor in Bicep, in the resource group of the scope:\n  ${assignmentInBicep(v)}`,
  }),
  ACRT3043: entry<{ principal: string; vault: string; vaultId: string; reason: string }>({
    title: 'This step may not open the vault to the pipeline',
    meaning:
      'Access policies are changed with a right of its own (Microsoft.KeyVault/vaults/accessPolicies/write). Everything else has been set up; whoever has that right can do the rest.',
    evidence: 'ARM: 403 to the PUT of an access policy (Microsoft: "Vaults - Update Access Policy").',
    message: (v) => `${v.principal} could not be given secrets/get in vault ${v.vault}: ${v.reason}`,
    remedy: (v) =>
      `Let somebody with the role "Key Vault Contributor" there do one of these, then run this step again:\n  az keyvault set-policy --name ${v.vault} --object-id ${v.principal} --secret-permissions get\nor in Bicep, in the resource group of the vault:\n  ${policyInBicep(v)}`,
  }),
  ACRT3044: entry<{ side: string; what: string; subscription: string; reason: string }>({
    title: 'What the pipeline stands on was not found',
    meaning:
      'Storage account and vault are looked for by their address among those of the subscription that the pipeline is in, as far as this step may see them.',
    evidence: 'ARM: lists of storage accounts and vaults.',
    message: (v) => `On the ${v.side} side there is no ${v.what} in subscription ${v.subscription}: ${v.reason}`,
    remedy: (v) =>
      `Check the address. If it is right, let this step see it:\n  az role assignment create --assignee CLIENT_ID --role Reader --scope /subscriptions/${v.subscription}`,
  }),
  ACRT3045: entry<{ pipeline: string; minutes: string; reason: string }>({
    title: 'The pipeline does not work yet',
    meaning:
      'Everything is set up, but a trial run is still refused by storage or Key Vault. New role assignments need up to ten minutes, more when the identity is new.',
    evidence: 'A trial run that failed with ACRT4002, ACRT4011, ACRT4012 or ACRT4013.',
    message: (v) => `${v.pipeline} does not reach its container ${v.minutes} minutes after it was set up: ${v.reason}`,
    remedy: () =>
      'Run this step again in some minutes; it goes on where it was. If it stays so, mode: doctor of the transfer action says what is closed.',
  }),
  ACRT3046: entry<{ account: string; key: string; reason: string }>({
    title: 'There is no key to sign a SAS with',
    meaning:
      'A user delegation key takes the role "Storage Blob Delegator" on the account; an account key takes the right to list keys, and an account that allows them.',
    evidence: 'Storage: 403 to Get User Delegation Key; ARM: 403 to listKeys, or allowSharedKeyAccess false.',
    message: (v) => `No SAS could be made for ${v.account} with its ${v.key}: ${v.reason}`,
    remedy: (v) =>
      v.key === 'account key'
        ? 'Use sas-key: user-delegation, or let this step list the keys:\n  az role assignment create --assignee CLIENT_ID --role "Storage Account Key Operator Service Role" --scope ACCOUNT_RESOURCE_ID'
        : 'az role assignment create --assignee CLIENT_ID --role "Storage Blob Delegator" --scope ACCOUNT_RESOURCE_ID',
  }),
  ACRT3047: entry<{ container: string; reason: string }>({
    title: 'Storage does not accept the new SAS',
    meaning:
      'The SAS was tried before it is stored, and refused: who signs by user delegation gives no more than he has himself, and an account may allow no keys.',
    evidence: 'Storage: the answer to a list with the new SAS.',
    message: (v) => `A new SAS for ${v.container} does not work: ${v.reason}`,
    remedy: () =>
      'Nothing was stored. Where the account allows no keys, use sas-key: user-delegation. Else give this step what it passes on (minutes may pass until it holds):\n  az role assignment create --assignee CLIENT_ID --role "Storage Blob Data Contributor" --scope CONTAINER_RESOURCE_ID',
  }),
  ACRT3048: entry<{ secret: string; reason: string }>({
    title: 'The secret could not be stored',
    meaning: 'The vault refused a new version of the secret that the pipeline reads its SAS from.',
    evidence: 'Key Vault: the answer to Set Secret.',
    message: (v) => `${v.secret} could not be stored: ${v.reason}`,
    remedy: () =>
      'Let this step set secrets, by the role or by the policy that the vault uses:\n  az role assignment create --assignee CLIENT_ID --role "Key Vault Secrets Officer" --scope VAULT_RESOURCE_ID\n  az keyvault set-policy --name VAULT --object-id PRINCIPAL_ID --secret-permissions get set list recover delete',
  }),
  ACRT3049: entry<{ pipeline: string }>({
    title: 'The pipeline has no SAS to rotate',
    meaning: 'A pipeline in the storage access mode ManagedIdentity reads no secret, so that nothing of it expires.',
    evidence: 'ARM: storageAccessMode of the pipeline.',
    message: (v) => `${v.pipeline} reaches its container with its managed identity; there is no SAS to rotate.`,
    remedy: () => 'Leave the step out, or change the pipeline first: storage-access-mode: SasToken',
  }),
} as const;
