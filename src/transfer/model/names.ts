/** How the names of the documents beside the blobs end. */
export const MANIFEST_ENDING = '.transfer.json';
/** See {@link MANIFEST_ENDING}. */
export const RECEIPT_ENDING = '.receipt.json';

/** See {@link MANIFEST_ENDING}. */
export const HISTORY_ENDING = '.history.json';

/** The manifest travels under this name beside the blobs. */
export const manifestName = (transferName: string): string => `${transferName}${MANIFEST_ENDING}`;

/** The receipt lies under this name beside the blobs, and goes back under it. */
export const receiptName = (transferName: string): string => `${transferName}${RECEIPT_ENDING}`;

/** The plan lies under this name beside the blobs from the moment that it is carried out, so that a second attempt finds it. */
export const planName = (transferName: string): string => `${transferName}.plan.json`;

/** What this side has handed over lies under this name beside the blobs. */
export const historyName = (ends: string): string => `acr-transfer-${ends}${HISTORY_ENDING}`;

const NO_WAY_OUT = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^\p{C}\p{Zl}\p{Zp}\\]+$/su;
const MAX_BLOB_NAME_LENGTH = 1024;

/** Whether a text can name a transfer blob: it ends up in URLs and paths, so it has no way out and no control characters. */
export const isBlobName = (text: string): boolean => text.length <= MAX_BLOB_NAME_LENGTH && NO_WAY_OUT.test(text);

// It begins blob names and file names, and leaves room for what is appended.
const TRANSFER_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*(?:\/[A-Za-z0-9._-]+)*$/;
const MAX_TRANSFER_NAME_LENGTH = 200;

/** Whether a text can name a transfer. */
export const isTransferName = (text: string): boolean =>
  text.length <= MAX_TRANSFER_NAME_LENGTH && TRANSFER_NAME.test(text) && isBlobName(text) && !text.includes('..');
