/** Live log lines of a running transfer. */
export { progressLog } from './progress-log.ts';
export { finalStage } from './time-left.ts';
