/** Azure Key Vault: vaults and secrets. */
export { createVaultClient, innerCode, readSecret, type SecretReaderContext } from './secrets.ts';
export { listVaults, parseSecretUri, secretIdOf, vaultAt, type ListedVault, type SecretLocation } from './vaults.ts';
