/** The registry's data plane. */
export { connectRegistry } from './client.ts';
