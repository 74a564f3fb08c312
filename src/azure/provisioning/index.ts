/** The provisioning client: writes pipelines, roles, SAS, secrets. */
export { connectProvisioning } from './client.ts';
