/** Copies transfer blobs between containers. */
export type { CopyContainers } from './block-upload.ts';
export { checkBlob } from './commit-blob.ts';
export { copyBlob, type BlobToCopy, type CopyResult } from './copy-blob.ts';
export { createCopyContext, type CopyContext } from './copy-context.ts';
