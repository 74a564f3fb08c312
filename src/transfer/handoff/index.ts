/** Copies transfer blobs between containers. */
export { checkBlob } from './blob-identity.ts';
export type { CopyContainers } from './block-upload.ts';
export { copyBlob } from './copy-blob.ts';
export { createCopyContext, type CopyContext } from './copy-context.ts';
