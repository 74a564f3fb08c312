import type { ZodError } from 'zod';

/** Number of issues that are listed. Further issues usually follow from the first. */
const MAX_LISTED_ISSUES = 3;

/** Keys of records are untrusted. No known key is longer. */
const MAX_KEY_LENGTH = 60;

/** Line breaks, invisible characters, and unpaired surrogates. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

function escapeKey(step: PropertyKey): string {
  const key = String(step);
  return `${key.slice(0, MAX_KEY_LENGTH)}${key.length > MAX_KEY_LENGTH ? '…' : ''}`.replace(UNPRINTABLE, '\uFFFD');
}

const escapePath = (path: readonly PropertyKey[]): string =>
  path.length === 0 ? 'the document' : path.map(escapeKey).join('.');

/** The issues of a schema error in one line: `batches.0.blob.size: expected number`. */
export const describeSchemaError = (error: ZodError): string =>
  error.issues
    .slice(0, MAX_LISTED_ISSUES)
    .map((issue) => `${escapePath(issue.path)}: ${issue.message}`)
    .join('; ');
