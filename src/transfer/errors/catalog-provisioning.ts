/** ACRT3042 to ACRT3049. */
import { assignmentInBicep, entry, policyInBicep } from './catalog-entry.ts';

/** ACRT3042 to ACRT3049: provisioning. */
export const PROVISIONING_ERRORS = {
  ACRT3042: entry<{ role: string; roleId: string; principal: string; scope: string; reason: string }>({
    title: "This step can't assign the role of the pipeline",
    message: (v) => `"${v.role}" can't be assigned to ${v.principal} at ${v.scope}: ${v.reason}`,
    remedy: (v) =>
      `Ask a person with the role "Role Based Access Control Administrator" at this scope to assign the role, then run this step again:\n  az role assignment create --role ${v.roleId} --assignee-object-id ${v.principal} --assignee-principal-type ServicePrincipal --scope ${v.scope}\nor in Bicep, deployed to the resource group of the scope:\n  ${assignmentInBicep(v)}`,
  }),
  ACRT3043: entry<{ principal: string; vault: string; vaultId: string; reason: string }>({
    title: "This step can't change the access policies of the vault",
    message: (v) => `secrets/get in vault ${v.vault} can't be granted to ${v.principal}: ${v.reason}`,
    remedy: (v) =>
      `Ask a person with the role "Key Vault Contributor" on the vault to add the policy, then run this step again:\n  az keyvault set-policy --name ${v.vault} --object-id ${v.principal} --secret-permissions get\nor in Bicep, deployed to the resource group of the vault:\n  ${policyInBicep(v)}`,
  }),
  ACRT3044: entry<{ side: string; what: string; subscription: string; reason: string }>({
    title: "A resource of the pipeline wasn't found",
    message: (v) => `On the ${v.side} side, the ${v.what} wasn't found in subscription ${v.subscription}: ${v.reason}`,
    remedy: (v) =>
      `Check the address. If it is correct, let this step read the subscription:\n  az role assignment create --assignee CLIENT_ID --role Reader --scope /subscriptions/${v.subscription}`,
  }),
  ACRT3045: entry<{ pipeline: string; minutes: string; reason: string }>({
    title: "The pipeline doesn't work yet",
    message: (v) => `${v.pipeline} can't access its container ${v.minutes} minutes after setup: ${v.reason}`,
    remedy: () =>
      'Run this step again in a few minutes. It continues where it stopped. If the error persists, run the transfer action with mode: doctor, which reports what blocks the access.',
  }),
  ACRT3046: entry<{ account: string; key: string; reason: string }>({
    title: 'No key is available to sign a SAS',
    message: (v) => `A SAS for ${v.account} can't be signed with the ${v.key}: ${v.reason}`,
    remedy: (v) =>
      v.key === 'account key'
        ? 'Set sas-key: user-delegation, or let this step list the keys:\n  az role assignment create --assignee CLIENT_ID --role "Storage Account Key Operator Service Role" --scope ACCOUNT_RESOURCE_ID'
        : 'Let this step create user delegation keys:\n  az role assignment create --assignee CLIENT_ID --role "Storage Blob Delegator" --scope ACCOUNT_RESOURCE_ID',
  }),
  ACRT3047: entry<{ container: string; reason: string }>({
    title: 'Storage rejected the new SAS',
    message: (v) => `The new SAS for ${v.container} doesn't work: ${v.reason}`,
    remedy: () =>
      'No secret was changed. If the account disallows shared keys, set sas-key: user-delegation. Otherwise assign the role to this step. The assignment takes a few minutes:\n  az role assignment create --assignee CLIENT_ID --role "Storage Blob Data Contributor" --scope CONTAINER_RESOURCE_ID',
  }),
  ACRT3048: entry<{ secret: string; reason: string }>({
    title: "The secret can't be stored",
    message: (v) => `${v.secret} can't be stored: ${v.reason}`,
    remedy: () =>
      'Let this step set secrets, with a role or an access policy, depending on the vault:\n  az role assignment create --assignee CLIENT_ID --role "Key Vault Secrets Officer" --scope VAULT_RESOURCE_ID\n  az keyvault set-policy --name VAULT --object-id PRINCIPAL_ID --secret-permissions get set list recover delete',
  }),
  ACRT3049: entry<{ pipeline: string }>({
    title: 'The pipeline has no SAS to rotate',
    message: (v) => `${v.pipeline} accesses its container with its managed identity. There is no SAS to rotate.`,
    remedy: () =>
      'Remove this step, or first give the pipeline a SAS: state: present with storage-access-mode: SasToken.',
  }),
} as const;
