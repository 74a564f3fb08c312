/** Ways to import something else than what was planned. Each writer of a container can try them. */
import type { Way } from './way.ts';
import { DOCUMENTS, STOWAWAYS } from './ways-contents.ts';
import { BEFORE_RUN, DURING_RUN } from './ways-swaps.ts';

/** Every way that a step meets. */
export const WAYS: readonly Way[] = [...BEFORE_RUN, ...DURING_RUN, ...STOWAWAYS, ...DOCUMENTS];

/** Ways in which the run imports something before anything can notice it: the blob and the list say so only afterwards. */
export const IMPORTS_FIRST: ReadonlySet<string> = new Set([...DURING_RUN, ...STOWAWAYS].map(({ name }) => name));
