/** Runs all batches through their stages. */
export { exportBatch, handOffBatch, importBatch, transferBatch, type ImportTarget } from './batch.ts';
export { runBatches } from './run-batches.ts';
