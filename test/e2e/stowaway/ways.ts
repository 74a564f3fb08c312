/** Ways to import something else than what was planned. Each writer of a container can try them. */
import type { Way } from './way.ts';
import { DOCUMENTS, STOWAWAYS } from './ways-contents.ts';
import { BEFORE_RUN, DURING_RUN } from './ways-swaps.ts';

/** Every way that a step meets. */
export const WAYS: readonly Way[] = [...BEFORE_RUN, ...DURING_RUN, ...STOWAWAYS, ...DOCUMENTS];
