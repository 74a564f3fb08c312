/** Reads vaults and secrets. */
export { innerCode, openVault, readSecret, type SecretAccess } from './secrets.ts';
export { listVaults, parseSecretUri, secretIdOf, vaultAt, type ListedVault, type SecretPlace } from './vaults.ts';
