/** Errors: the catalog with its remedies, classification of service responses, redaction, and Result. */
export type { FailureId } from './catalog.ts';
export {
  armFailureId,
  networkFailureId,
  registryFailureId,
  runFailureId,
  saysAbsent,
  signInFailureId,
  storageFailureId,
} from './classify.ts';
export { redact } from './redact.ts';
export { checked, distinct, failuresOf, type Checked, type Parsed } from './result.ts';
export { schemaReason } from './schema-error.ts';
export { asFailure, Failure, failure, type FailureFacts, type Temporary } from './transfer-error.ts';
