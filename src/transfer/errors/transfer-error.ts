import type { CatalogEntry } from './catalog-entry.ts';
import { CATALOG, type TransferErrorId, type TransferErrorValues } from './catalog.ts';
import { redact } from './redact.ts';

/** Further facts of an error. */
interface TransferErrorContext {
  /** The underlying error, for debug logs. Never shown unredacted. */
  readonly cause?: unknown;
  /** Azure's correlation id of the request that failed. */
  readonly correlationId?: string | null;
  /** Set if a retry can succeed; null or absent: a retry doesn't help. */
  readonly temporary?: Temporary | null;
}

/** Facts of a temporary error. */
export interface Temporary {
  /** The service's Retry-After, 0 to 120 seconds; null if there is none. */
  readonly retryAfterSeconds: number | null;
  /** Whether the service throttles. Then the number of concurrent requests is lowered too. */
  readonly throttled: boolean;
}

/** An error as documents and outputs contain it. */
export interface TransferErrorFacts {
  readonly id: TransferErrorId;
  readonly title: string;
  readonly message: string;
  readonly remedy: string;
  readonly correlationId: string | null;
}

/** The only error that the domain throws. {@link transferError} takes its texts from the catalog and redacts them. */
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
 * Creates an error from its catalog entry, with redacted texts.
 * @param id the entry
 * @param values the values of the entry's texts
 * @param context further facts
 */
export function transferError<Id extends TransferErrorId>(
  id: Id,
  values: TransferErrorValues<Id>,
  context: TransferErrorContext = {},
): TransferError {
  // The texts of an entry take only its own values. The signature guarantees that; the union of all entries can't.
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

/** Converts any thrown value. A value that isn't a {@link TransferError} becomes ACRT9001. */
export function toTransferError(error: unknown): TransferError {
  if (error instanceof TransferError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return transferError('ACRT9001', { reason: reason === '' ? 'an error without a message' : reason }, { cause: error });
}
