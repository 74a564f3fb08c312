/** Versioned documents: schemas, codec, building, saving and loading. */
export { arrivedBlobs } from './arrived-blobs.ts';
export { manifestDocument, planDocument, receiptDocument, type BaselineEntry } from './build-documents.ts';
export { reportDocument } from './build-report.ts';
export { documentDigest, findDocument, readDocument, tryReadDocument, writeDocument } from './codec.ts';
export { loadManifest, missingArtifacts, type LoadedManifest } from './load-manifest.ts';
export type { ReportDocument } from './report-schema.ts';
export {
  documentArtifact,
  documentReference,
  HISTORY,
  MANIFEST,
  PLAN,
  RECEIPT,
  type HistoryDocument,
  type ManifestDocument,
  type PlanDocument,
  type ReceiptDocument,
} from './schemas.ts';
export { checkReceipt, uploadReceipt, type Answered } from './store-receipt.ts';
export {
  headerOf,
  savedPath,
  saveLocal,
  toNamedDocument,
  updateText,
  upload,
  uploadWarnings,
  type NamedDocument,
  type UpdateContext,
} from './store.ts';
