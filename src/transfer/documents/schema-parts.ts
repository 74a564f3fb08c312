/** The parts that the schemas of several documents share. */
import * as z from 'zod';
import { isBlobName, isTransferName } from '../model/names.ts';
import { parseReference } from '../model/reference.ts';
import type { Provenance } from '../ports/context.ts';
import type { DocumentType } from './codec.ts';

/** Of a manifest. */
export const digest = z.string().regex(/^sha256:[a-f0-9]{64}$/);
/** A size, or a count. */
export const bytes = z.number().int().nonnegative();
/** ISO 8601, UTC. */
export const time = z.iso.datetime();
/** A transfer blob. */
export const blobName = z.string().refine(isBlobName, 'is not the name of a transfer blob');
/** Values that go on in headers of requests: what no header can hold would fail there, and say less. */
export const headerValue = z.string().regex(/^[\t\u0020-\u007E\u0080-\u00FF]*$/, 'has signs that no header can have');
/** Names of metadata, which go on as names of headers (RFC 9110, 5.6.2, token). */
export const headerName = z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, 'has signs that no header can have');

const isUnique = (names: readonly string[]): boolean => new Set(names).size === names.length;

/** Batches, each with a blob of its own: two that share one would get in each other's way. */
export const batchList = <Batch extends z.ZodType>(batch: Batch, nameOf: (batch: z.output<Batch>) => string) =>
  z.array(batch).refine((batches) => isUnique(batches.map(nameOf)), 'two of them have the same blob');

/** An artifact that the action can take up again. */
export const reference = z.string().refine((text) => 'value' in parseReference(text), 'is not an artifact');

/** The registry at the other end. */
export const registryId = z.string().describe('ARM resource ID of the target registry');

/** What every document of a transfer begins with. */
export const header = <Kind extends string>(kind: Kind) => ({
  kind: z.literal(kind),
  version: z.literal(1),
  transferName: z.string().refine(isTransferName, 'is not the name of a transfer'),
  createdAt: time,
});

/** A failure, with its texts. */
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

/** Makes the type of a document. */
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
