import type { TransferErrorId } from '../../src/transfer/errors/catalog.ts';

/** Error IDs that no end-to-end test reaches, and why: it is impossible, or other tests reach them. */
export const UNREACHED_ERRORS: Readonly<Partial<Record<TransferErrorId, string>>> = {
  ACRT9001: 'A case that reaches it is a defect of the action. Such a case is fixed and gets an id of its own.',
};
