/** Documents of a transfer: kept on this runner, and put beside the blobs. */
import { problemsOf, toResult, type Result, type TransferError } from '../errors/index.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import type { TransferContext } from '../ports/context.ts';
import { withDeadline } from '../resilience/deadline.ts';
import type { DocumentHeader } from './build-documents.ts';
import { writeDocument } from './codec.ts';

/** A document by its name. */
export interface NamedDocument {
  readonly name: string;
  readonly text: string;
}

/** Gives a document its name. */
export const toNamedDocument = (name: string, document: unknown): NamedDocument => ({
  name,
  text: writeDocument(document),
});

/** What every document of this moment begins with. */
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

// Writing is checked instead of thrown: the artifacts are where they are, whether a document could be written or not.

/** Keeps a document on this runner; its path. */
export const saveLocal = ({ files }: TransferContext, { name, text }: NamedDocument): Promise<Result<string>> =>
  toResult(() => files.write(name, text));

/** Puts a document beside the blobs. */
export const upload = (
  { ending }: TransferContext,
  container: BlobContainer,
  { name, text }: NamedDocument,
): Promise<Result<void>> => toResult(() => withDeadline(ending, () => container.writeText(name, text)));

/** The path of a document, if it could be kept. */
export const savedPath = (kept: Result<string>): string | undefined => (kept.ok ? kept.value : undefined);

/** What a document that is not beside the blobs comes to, where the transfer does not depend on it. */
export const uploadWarnings = (written: readonly Result<unknown>[]): string[] =>
  problemsOf(written).map(({ facts }: TransferError) => `A document was not left beside the blobs: ${facts.message}`);
