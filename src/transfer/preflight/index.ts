/** All checks before the first run, and the log of their results. */
export { openJournal, type Journal } from './check-log.ts';
export { verdictsOf } from './check-results.ts';
export { checkSide, openContainer, type CheckedSide } from './check-side.ts';
export { checkContainer, type ContainerUse } from './container.ts';
export { checkDeparture } from './source-content.ts';
export { checkArrival } from './target-content.ts';
