/** Documents of a transfer: kept on this runner, and put beside the blobs. */
import { checked, failuresOf, type Checked, type Failure } from '../errors/index.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import type { World } from '../ports/context.ts';
import { unlessEnded } from '../resilience/deadline.ts';
import type { Heading } from './build-documents.ts';
import { writeDocument } from './codec.ts';

/** A document by its name. */
export interface NamedDocument {
  readonly name: string;
  readonly text: string;
}

/** Gives a document its name. */
export const named = (name: string, document: unknown): NamedDocument => ({ name, text: writeDocument(document) });

/** What every document of this moment begins with. */
export const headingOf = (transferName: string, { clock, provenance }: World, registry: string): Heading => ({
  transferName,
  createdAt: new Date(clock.now()).toISOString(),
  provenance,
  registry,
});

// Writing is checked instead of thrown: the artifacts are where they are, whether a document could be written or not.

/** Keeps a document on this runner; its path. */
export const keep = ({ files }: World, { name, text }: NamedDocument): Promise<Checked<string>> =>
  checked(() => files.write(name, text));

/** Puts a document beside the blobs. */
export const putBeside = (
  { ending }: World,
  container: BlobContainer,
  { name, text }: NamedDocument,
): Promise<Checked<void>> => checked(() => unlessEnded(ending, () => container.writeText(name, text)));

/** The path of a document, if it could be kept. */
export const pathOf = (kept: Checked<string>): string | undefined => (kept.ok ? kept.value : undefined);

/** What a document that is not beside the blobs comes to, where the transfer does not depend on it. */
export const asWarnings = (written: readonly Checked<unknown>[]): string[] =>
  failuresOf(written).map(({ facts }: Failure) => `A document was not left beside the blobs: ${facts.message}`);
