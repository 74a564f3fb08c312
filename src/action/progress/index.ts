/** Live lines while a transfer runs. */
export { progressLog } from './progress-log.ts';
export { lastStage } from './time-left.ts';
