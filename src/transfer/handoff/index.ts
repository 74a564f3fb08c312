/** Copies one transfer blob. */
export { checkBlob } from './blob-identity.ts';
export type { HandoffSides } from './block-upload.ts';
export { handOffBlob } from './copy-blob.ts';
export { openCrossing, type Crossing } from './copy-context.ts';
