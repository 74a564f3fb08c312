/** Azure Blob Storage as a blob container. */
export { createClients } from './clients.ts';
export { connectContainer } from './container.ts';
export { storageError } from './errors.ts';
