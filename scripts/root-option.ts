import { ROOT } from './action-definition.ts';

/** Option of `parseArgs`: `--root FOLDER` checks another working tree than this one. */
export const rootOption = { root: { type: 'string', default: ROOT } } as const;
