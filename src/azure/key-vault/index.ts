/** Reads vaults and secrets. */
export { createVaultClient, innerCode, readSecret, type SecretAccess } from './secrets.ts';
export { listVaults, parseSecretUri, secretIdOf, vaultAt, type ListedVault, type SecretPlace } from './vaults.ts';
