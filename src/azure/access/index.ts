/** The access inspector: roles, access policies, permissions. */
export { createInspector } from './inspector.ts';
export { observe } from './observation.ts';
