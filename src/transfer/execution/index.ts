/** Runs all batches through their stages. */
export { carryIn, carryOut, carryOver, carryThrough, type Arrival } from './batch.ts';
export { carryAll } from './run-batches.ts';
