/** The access inspector: roles, access policies, permissions. */
export { createInspector } from './inspector.ts';
export { observe, observed } from './observation.ts';
