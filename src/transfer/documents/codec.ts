/** Reads and writes versioned JSON documents. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { describeSchemaError, failed, ok, toTransferError, transferError, type Result } from '../errors/index.ts';
import { MAX_DOCUMENT_BYTES, parseBoundedJson } from '../model/bounded-json.ts';
import type { BlobContainer } from '../ports/blob-container.ts';

/** A type of versioned JSON documents, with the schema of its newest version. */
export interface DocumentType<Shape extends z.ZodType> {
  /** Name for messages: `transfer manifest`, `receipt` … */
  readonly title: string;
  /** Value of the `kind` member. */
  readonly kind: string;
  readonly version: number;
  readonly schema: Shape;
}

const envelope = z.object({ kind: z.string(), version: z.number().int().positive() });

/**
 * Reads a document. Ignores unknown members, so that newer releases can add members. Rejects newer versions.
 * @param place path or blob name of the document, for messages
 * @throws ACRT7001 damaged, ACRT7002 newer version
 */
export function readDocument<Shape extends z.ZodType>(
  type: DocumentType<Shape>,
  text: string,
  place: string,
): z.infer<Shape> {
  const damaged = (reason: string, cause?: unknown): Error =>
    transferError('ACRT7001', { document: type.title, place, reason }, { cause });
  let json: unknown;
  try {
    json = parseBoundedJson(text, MAX_DOCUMENT_BYTES);
  } catch (error) {
    throw damaged(error instanceof SyntaxError ? 'it is not JSON' : (error as Error).message, error);
  }
  const head = envelope.safeParse(json);
  if (!head.success || head.data.kind !== type.kind) throw damaged(`it is not a document of the kind ${type.kind}`);
  if (head.data.version > type.version) {
    const versions = { version: String(head.data.version), known: String(type.version) };
    throw transferError('ACRT7002', { document: type.title, place, ...versions });
  }
  const parsed = type.schema.safeParse(json);
  if (!parsed.success) throw damaged(describeSchemaError(parsed.error), parsed.error);
  return parsed.data;
}

/** Reads a document, and returns the message of the error if it is damaged or newer. */
export function tryReadDocument<Shape extends z.ZodType>(
  type: DocumentType<Shape>,
  text: string,
  place: string,
): Result<z.infer<Shape>, string> {
  try {
    return ok(readDocument(type, text, place));
  } catch (error) {
    return failed(toTransferError(error).facts.message);
  }
}

/**
 * Reads a document in a container. Returns null if there is none, or if it is damaged or newer.
 * @throws ACRT3006, ACRT5004, ACRT5005 if the container can't be read
 */
export async function findDocument<Shape extends z.ZodType>(
  container: BlobContainer,
  type: DocumentType<Shape>,
  name: string,
): Promise<z.infer<Shape> | null> {
  const text = await container.readText(name);
  const read = text === null ? null : tryReadDocument(type, text, name);
  return read?.ok === true ? read.value : null;
}

/** Formats a document as indented JSON, which is readable in diffs. */
export const writeDocument = (document: unknown): string => `${JSON.stringify(document, null, 2)}\n`;

/** SHA-256 digest of the text of a document, `sha256:…`. */
export const documentDigest = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
