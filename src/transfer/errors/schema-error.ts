import type { ZodError } from 'zod';

/** Mistakes that are named; the rest usually follow from the first. */
const MOST_NAMED_MISTAKES = 3;

/** Keys of records are somebody else's; none of ours is longer. */
const LONGEST_SHOWN_KEY = 60;

/** What ends a line somewhere, cannot be seen, or is half a character. */
const UNSHOWN = /[\p{C}\p{Zl}\p{Zp}]/gu;

function shownKey(step: PropertyKey): string {
  const key = String(step);
  return `${key.slice(0, LONGEST_SHOWN_KEY)}${key.length > LONGEST_SHOWN_KEY ? '…' : ''}`.replace(UNSHOWN, '\uFFFD');
}

const shownPath = (path: readonly PropertyKey[]): string =>
  path.length === 0 ? 'the document' : path.map(shownKey).join('.');

/** What does not fit a schema, in one line: `batches.0.blob.size: expected number`. */
export const describeSchemaError = (error: ZodError): string =>
  error.issues
    .slice(0, MOST_NAMED_MISTAKES)
    .map((issue) => `${shownPath(issue.path)}: ${issue.message}`)
    .join('; ');
