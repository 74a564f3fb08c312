/** Copies one transfer blob. */
export { checkBlob } from './blob-identity.ts';
export type { CopyEnds } from './block-upload.ts';
export { copyBlob } from './copy-blob.ts';
export { createCopyContext, type CopyContext } from './copy-context.ts';
