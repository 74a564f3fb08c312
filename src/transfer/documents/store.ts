/** Saves the documents of a transfer on this runner, and uploads them to the container of the transfer blobs. */
import { problemsOf, toResult, type Result, type TransferError } from '../errors/index.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import type { TransferContext } from '../ports/context.ts';
import { withDeadline } from '../resilience/deadline.ts';
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

/** The path of a document; undefined if it couldn't be saved. */
export const savedPath = (saved: Result<string>): string | undefined => (saved.ok ? saved.value : undefined);

/** Warnings for failed uploads that the transfer doesn't depend on. */
export const uploadWarnings = (written: readonly Result<unknown>[]): string[] =>
  problemsOf(written).map(({ facts }: TransferError) => `A document could not be uploaded: ${facts.message}`);
