/** The manifest travels under this name beside the blobs. */
export const manifestName = (transferName: string): string => `${transferName}.transfer.json`;

/** The receipt lies under this name beside the blobs, and goes back under it. */
export const receiptName = (transferName: string): string => `${transferName}.receipt.json`;
