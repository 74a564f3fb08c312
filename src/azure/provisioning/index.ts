/** Implements ProvisioningClient: pipelines, role assignments, SAS, secrets. */
export { connectProvisioning } from './client.ts';
