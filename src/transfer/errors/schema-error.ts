import type { ZodError } from 'zod';

/** Mistakes that are named; the rest usually follow from the first. */
const MAX_LISTED_ISSUES = 3;

/** Keys of records are somebody else's; none of ours is longer. */
const MAX_SHOWN_KEY_LENGTH = 60;

/** What ends a line somewhere, cannot be seen, or is half a character. */
const UNSHOWN = /[\p{C}\p{Zl}\p{Zp}]/gu;

function escapeKey(step: PropertyKey): string {
  const key = String(step);
  return `${key.slice(0, MAX_SHOWN_KEY_LENGTH)}${key.length > MAX_SHOWN_KEY_LENGTH ? '…' : ''}`.replace(
    UNSHOWN,
    '\uFFFD',
  );
}

const escapePath = (path: readonly PropertyKey[]): string =>
  path.length === 0 ? 'the document' : path.map(escapeKey).join('.');

/** What does not fit a schema, in one line: `batches.0.blob.size: expected number`. */
export const describeSchemaError = (error: ZodError): string =>
  error.issues
    .slice(0, MAX_LISTED_ISSUES)
    .map((issue) => `${escapePath(issue.path)}: ${issue.message}`)
    .join('; ');
