/** The provisioning client: writes pipelines, roles, SAS, secrets. */
export { connectEstate } from './client.ts';
