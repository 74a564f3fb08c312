/** Errors: the catalog with its remedies, classification of service responses, redaction, and Result. */
export type { TransferErrorId } from './catalog.ts';
export {
  classifyArm,
  classifyNetwork,
  classifyOutage,
  classifyRegistry,
  classifyRun,
  classifySignIn,
  isUnknownAudience,
  classifyStorage,
  isNotFound,
  UNANSWERED,
  type ErrorResponse,
} from './classify.ts';
export { redact } from './redact.ts';
export { distinctProblems, failed, ok, problemsOf, toResult, valuesOf, type Result } from './result.ts';
export { describeSchemaError } from './schema-error.ts';
export {
  toTransferError,
  TransferError,
  transferError,
  type Temporary,
  type TransferErrorFacts,
} from './transfer-error.ts';
