/** Copies transfer blobs between containers. */
export { checkBlob } from './blob-identity.ts';
export type { CopyContainers } from './block-upload.ts';
export { copyBlob, type CopyResult } from './copy-blob.ts';
export { createCopyContext, type CopyContext } from './copy-context.ts';
