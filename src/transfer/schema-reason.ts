import type { ZodError } from 'zod';

/** Mistakes that are named; the rest usually follow from the first. */
const MOST_NAMED_MISTAKES = 3;

/** What does not fit a schema, in one line: `batches.0.blob.size: expected number`. */
export const schemaReason = (error: ZodError): string =>
  error.issues
    .slice(0, MOST_NAMED_MISTAKES)
    .map((issue) => `${issue.path.length === 0 ? 'the document' : issue.path.join('.')}: ${issue.message}`)
    .join('; ');
