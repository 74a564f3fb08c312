/** Decides which artifacts share a batch: groups, packing, batches of an earlier attempt. */
export { formBatches, resumeBatches, type BatchTerms, type UnnumberedBatch } from './form-batches.ts';
export { groupBySubject } from './group-by-subject.ts';
export { distinctBytes, naiveBytes } from './pack.ts';
