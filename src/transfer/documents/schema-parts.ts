/** Parts that the schemas of several documents share. */
import * as z from 'zod';
import { isBlobName, isTransferName } from '../model/names.ts';
import { parseReference } from '../model/reference.ts';
import type { Provenance } from '../ports/context.ts';
import type { DocumentType } from './codec.ts';

/** Digest of a manifest. */
export const digest = z.string().regex(/^sha256:[a-f0-9]{64}$/);
/** A size or a count. */
export const bytes = z.number().int().nonnegative();
/** ISO 8601, UTC. */
export const time = z.iso.datetime();
/** Name of a transfer blob. */
export const blobName = z.string().refine(isBlobName, 'is not a valid blob name');
/** A value that is sent in a request header. Invalid values are rejected here, with a clear message. */
export const headerValue = z
  .string()
  .regex(/^[\t\u0020-\u007E\u0080-\u00FF]*$/, 'has characters that are invalid in a header');
/** Name of metadata, which is sent as the name of a header (RFC 9110, 5.6.2, token). */
export const headerName = z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, 'has characters that are invalid in a header');

const isUnique = (names: readonly string[]): boolean => new Set(names).size === names.length;

/** Batches with unique blobs. */
export const batchList = <Batch extends z.ZodType>(batch: Batch, nameOf: (batch: z.output<Batch>) => string) =>
  z.array(batch).refine((batches) => isUnique(batches.map(nameOf)), 'two batches have the same blob');

/** Reference to an artifact. */
export const reference = z.string().refine((text) => parseReference(text).ok, 'is not a reference to an artifact');

/** An artifact that an import brought, although it isn't planned. */
export const extraArtifact = z.object({
  reference: z.string().describe('repository:tag or repository@sha256:…'),
  digest: digest.nullable().describe('Digest at the target; null if it is unknown'),
  blob: blobName,
});

/** The target registry. */
export const registryId = z.string().describe('ARM resource ID of the target registry');

/** Members that every document of a transfer starts with. */
export const header = <Kind extends string>(kind: Kind) => ({
  kind: z.literal(kind),
  version: z.literal(1),
  transferName: z.string().refine(isTransferName, 'is not a valid transfer name'),
  createdAt: time,
});

/** An error with its texts. */
export const errorFacts = z.object({
  id: z.string(),
  title: z.string(),
  message: z.string(),
  remedy: z.string(),
  correlationId: z.string().nullable(),
});

/** The workflow run that wrote a document. */
export const provenance = z
  .object({ repository: z.string(), commit: z.string(), workflow: z.string(), run: z.string(), actor: z.string() })
  .describe('The workflow run that wrote the document') satisfies z.ZodType<Provenance>;

/** Creates the type of a document. */
export const documentType = <Shape extends z.ZodType>(
  title: string,
  kind: string,
  schema: Shape,
): DocumentType<Shape> => ({
  title,
  kind: `acr-transfer/${kind}`,
  version: 1,
  schema,
});
