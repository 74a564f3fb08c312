/** Saves the documents of a transfer on this runner, and uploads them to the container of the transfer blobs. */
import { problemsOf, toResult, transferError, type Result, type TransferError } from '../errors/index.ts';
import type { BlobContainer, TextVersion } from '../ports/blob-container.ts';
import type { Clock } from '../ports/clock.ts';
import type { TransferContext } from '../ports/context.ts';
import { withDeadline } from '../resilience/deadline.ts';
import { backoffSeconds, retry } from '../resilience/retry.ts';
import type { DocumentHeader } from './build-documents.ts';
import { writeDocument } from './codec.ts';

/** The text of a document, with its file name. */
export interface NamedDocument {
  readonly name: string;
  readonly text: string;
}

/** Formats a document. */
export const toNamedDocument = (name: string, document: unknown): NamedDocument => ({
  name,
  text: writeDocument(document),
});

/** Creates the header of a document, with the current time. */
export const headerOf = (
  transferName: string,
  { clock, provenance }: TransferContext,
  registry: string,
): DocumentHeader => ({
  transferName,
  createdAt: new Date(clock.now()).toISOString(),
  provenance,
  registry,
});

// Saving and uploading return a result instead of throwing, because a document that can't be written doesn't undo the transfer.

/** Saves a document on this runner. Returns its path. */
export const saveLocal = ({ files }: TransferContext, { name, text }: NamedDocument): Promise<Result<string>> =>
  toResult(() => files.write(name, text));

/** Uploads a document to the container of the transfer blobs. */
export const upload = (
  { ending }: TransferContext,
  container: BlobContainer,
  { name, text }: NamedDocument,
): Promise<Result<void>> => toResult(() => withDeadline(ending, () => container.writeText(name, text)));

/**
 * Jobs that write at the same time succeed one after the other. With the backoff, the shards of the largest matrix need far
 * fewer attempts each. All attempts take at most five minutes, plus the requests.
 */
const MAX_UPDATES = 32;

/** Clock and signal of an update. */
export interface UpdateContext {
  readonly clock: Clock;
  /** Ends the backoff with its reason. */
  readonly signal: AbortSignal;
}

/**
 * Replaces a document by one that depends on its current version. No version is lost if several workflows write at the same
 * time: each replaces only the version that it has read. If another one was faster, it reads again after a backoff.
 * @param next the new text for a version; null leaves the document as it is
 * @throws ACRT5005 if another workflow was faster each time, and the errors of the storage
 */
export async function updateText(
  container: BlobContainer,
  name: string,
  next: (version: TextVersion | null) => Promise<string | null>,
  updateContext: UpdateContext,
): Promise<void> {
  const attempt = async (): Promise<boolean> => {
    const version = await container.readVersion(name);
    const text = await next(version);
    return text === null || container.replaceText(name, text, version?.etag ?? null);
  };
  const isWritten = await retry(attempt, {
    ...updateContext,
    delaySeconds: (outcome, attempts) =>
      !outcome.ok || outcome.value || attempts >= MAX_UPDATES ? null : backoffSeconds(attempts),
  });
  if (isWritten) return;
  const reason = `other workflows have written it ${MAX_UPDATES} times in the meantime`;
  throw transferError('ACRT5005', { container: container.uri, blob: name, reason });
}

/** The path of a document; undefined if it couldn't be saved. */
export const savedPath = (saved: Result<string>): string | undefined => (saved.ok ? saved.value : undefined);

/** Warnings for failed uploads that the transfer doesn't depend on. */
export const uploadWarnings = (written: readonly Result<unknown>[]): string[] =>
  problemsOf(written).map(({ facts }: TransferError) => `A document could not be uploaded: ${facts.message}`);
