import type { CatalogEntry } from './catalog-entry.ts';
import { CATALOG, type TransferErrorId, type TransferErrorValues } from './catalog.ts';
import { redact } from './redact.ts';

/** What else is known of a failure. */
export interface TransferErrorContext {
  /** The error underneath; for debug logs, never shown as it is. */
  readonly cause?: unknown;
  /** Azure's correlation id of the request that failed. */
  readonly correlationId?: string | null;
  /** Says that the same may go better the next time; null, or absent: it will not. */
  readonly temporary?: Temporary | null;
}

/** What is known of a failure that may pass. */
export interface Temporary {
  /** What the service asked to wait, seconds; null when it did not say. */
  readonly retryAfterSeconds: number | null;
  /** Whether the service asks for less: then fewer requests at a time are better too. */
  readonly throttled: boolean;
}

/** A failure as documents and outputs carry it. */
export interface TransferErrorFacts {
  readonly id: TransferErrorId;
  readonly title: string;
  readonly message: string;
  readonly remedy: string;
  readonly correlationId: string | null;
}

/** The only error that the domain throws. Its texts come from the catalogue and are redacted here, once. */
export class TransferError extends Error {
  readonly facts: TransferErrorFacts;
  readonly temporary: Temporary | null;

  constructor(facts: TransferErrorFacts, { cause, temporary }: TransferErrorContext = {}) {
    super(`${facts.id} ${facts.message}`, { cause });
    this.name = 'TransferError';
    this.facts = facts;
    this.temporary = temporary ?? null;
  }
}

/**
 * Makes a failure from the catalogue.
 * @param id its entry
 * @param values what the entry's texts speak of
 * @param context what else is known
 */
export function transferError<Id extends TransferErrorId>(
  id: Id,
  values: TransferErrorValues<Id>,
  context: TransferErrorContext = {},
): TransferError {
  // Each entry's texts take exactly its own values; the union over all ids cannot express that, the signature does.
  const texts = CATALOG[id] as unknown as CatalogEntry<TransferErrorValues<Id>>;
  const facts: TransferErrorFacts = {
    id,
    title: texts.title,
    message: redact(texts.message(values)),
    remedy: redact(texts.remedy(values)),
    correlationId: context.correlationId ?? null,
  };
  return new TransferError(facts, context);
}

/** Any thrown value as a failure: what is not one already is unexpected (ACRT9001). */
export function toTransferError(error: unknown): TransferError {
  if (error instanceof TransferError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return transferError('ACRT9001', { reason: reason === '' ? 'an error without a message' : reason }, { cause: error });
}
