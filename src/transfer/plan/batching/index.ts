/** Which artifacts share a batch: groups, packing, resuming. */
export { formBatches, resumeBatches, type BatchTerms, type Formed } from './form-batches.ts';
export { tieParcels } from './group-by-subject.ts';
export { distinctBytes, naiveBytes } from './pack.ts';
