/** Live lines while a transfer runs. */
export { progressLog } from './progress-log.ts';
export { finalStage } from './time-left.ts';
