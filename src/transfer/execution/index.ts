/** Runs all batches through their stages. */
export type { ImportTarget } from './batch-stages.ts';
export { exportBatch, handOffBatch, importBatch, transferBatch } from './batch.ts';
export { runBatches } from './run-batches.ts';
