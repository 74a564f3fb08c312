/** The checks before the first run, and the log of their results. */
export { createCheckLog, type CheckLog } from './check-log.ts';
export { checkResultsOf } from './check-results.ts';
export { checkSide, resolveContainer, type CheckedSide } from './check-side.ts';
export { checkContainer, type ContainerUse } from './container.ts';
export { checkSourceContent } from './source-content.ts';
export { checkTargetContent } from './target-content.ts';
