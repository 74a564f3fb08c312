/** The manifest travels under this name beside the blobs. */
export const manifestName = (transferName: string): string => `${transferName}.transfer.json`;

/** The receipt lies under this name beside the blobs, and goes back under it. */
export const receiptName = (transferName: string): string => `${transferName}.receipt.json`;

const BLOB_NAME = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^\p{Cc}\\]{1,1024}$/u;

/** Whether a text can name a transfer blob: it ends up in URLs and paths, so it has no way out and no control characters. */
export const isBlobName = (text: string): boolean => BLOB_NAME.test(text);
