/** Names of transfers, blobs, and documents. */

/** Suffix of the name of a transfer manifest. */
export const MANIFEST_ENDING = '.transfer.json';
/** Suffix of the name of a receipt. */
export const RECEIPT_ENDING = '.receipt.json';

/** Suffix of the name of a history. */
export const HISTORY_ENDING = '.history.json';

/** Name of the transfer manifest in the container of the transfer blobs. */
export const manifestName = (transferName: string): string => `${transferName}${MANIFEST_ENDING}`;

/** Name of the receipt, in the target container and when it is copied back to the source. */
export const receiptName = (transferName: string): string => `${transferName}${RECEIPT_ENDING}`;

/**
 * Name under which a receipt is kept when another one takes its place.
 * @param digest of its text
 */
export const keptReceiptName = (receipt: string, digest: string): string =>
  `${receipt.slice(0, -RECEIPT_ENDING.length)}.${digest.replace('sha256:', '').slice(0, 12)}${RECEIPT_ENDING}`;

/** Name of the plan in the container of the transfer blobs, where a second attempt finds it. */
export const planName = (transferName: string): string => `${transferName}.plan.json`;

/** Name of the history of transferred artifacts in the source container. */
export const historyName = (ends: string): string => `acr-transfer-${ends}${HISTORY_ENDING}`;

const SAFE_PATH = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^\p{C}\p{Zl}\p{Zp}\\]+$/su;
const MAX_BLOB_NAME_LENGTH = 1024;

/** Whether a text is a valid blob name. It is used in URLs and paths, so it must not contain `..` segments or control characters. */
export const isBlobName = (text: string): boolean => text.length <= MAX_BLOB_NAME_LENGTH && SAFE_PATH.test(text);

// A prefix of blob names and file names, short enough for suffixes.
const TRANSFER_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*(?:\/[A-Za-z0-9._-]+)*$/;
const MAX_TRANSFER_NAME_LENGTH = 200;

/** Whether a text is a valid transfer name. */
export const isTransferName = (text: string): boolean =>
  text.length <= MAX_TRANSFER_NAME_LENGTH && TRANSFER_NAME.test(text) && isBlobName(text) && !text.includes('..');
