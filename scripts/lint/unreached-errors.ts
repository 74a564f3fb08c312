import type { TransferErrorId } from '../../src/transfer/errors/catalog.ts';

/** Error ids that no end-to-end test reaches, and why: none can, or which tests reach them instead. */
export const UNREACHED_ERRORS: Readonly<Partial<Record<TransferErrorId, string>>> = {
  ACRT4030: 'test/unit/transfer/run.shortfall.test.ts runs the whole transfer. An end-to-end case is missing.',
  ACRT4031:
    'test/unit/transfer/execution/batch.attempts.test.ts runs the whole transfer. An end-to-end case is missing.',
  ACRT4032:
    'test/unit/transfer/execution/batch.attempts.test.ts runs the whole transfer. An end-to-end case is missing.',
  ACRT9001: 'A case that reaches it is a defect of the action. Such a case is fixed and gets an id of its own.',
};
