/** The access inspector: roles, policies, permissions. */
export { inspector } from './inspector.ts';
export { looking, seen } from './observation.ts';
