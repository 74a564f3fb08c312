/** Azure Blob Storage as a blob container. */
export { openClients } from './clients.ts';
export { connectContainer } from './container.ts';
export { storageFailure } from './errors.ts';
