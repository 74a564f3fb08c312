/** The access inspector: roles, policies, permissions. */
export { createInspector } from './inspector.ts';
export { observe, observed } from './observation.ts';
