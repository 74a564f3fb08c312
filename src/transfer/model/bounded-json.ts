/** Parses untrusted JSON with limits for size and depth. */

/** Limit of a document's size. 10,000 artifacts with their children take about 5 MiB. */
export const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;

/** Nesting levels. Known documents have fewer than ten; unknown members can have more. */
const MAX_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

const isOpening = (code: number): boolean => code === 0x5b || code === 0x7b;
const isClosing = (code: number): boolean => code === 0x5d || code === 0x7d;

/** Index of the closing quote of a string. */
function endOfString(json: string, quote: number): number {
  for (let index = quote + 1; index < json.length; index += 1) {
    const code = json.charCodeAt(index);
    if (code === QUOTE) return index;
    if (code === BACKSLASH) index += 1;
  }
  return json.length;
}

/** Whether the JSON is nested deeper. Checked before parsing, because code that walks the result recurses as deep. */
function isDeeper(json: string, limit: number): boolean {
  let depth = 0;
  for (let index = 0; index < json.length; index += 1) {
    const code = json.charCodeAt(index);
    if (code === QUOTE) index = endOfString(json, index);
    else if (isOpening(code) && (depth += 1) > limit) return true;
    else if (isClosing(code)) depth -= 1;
  }
  return false;
}

/**
 * Parses JSON.
 * @param maxLength UTF-16 units
 * @throws SyntaxError for invalid JSON; Error with a readable reason if the JSON is too large or too deep
 */
export function parseBoundedJson(json: string, maxLength: number): unknown {
  if (json.length > maxLength) throw new Error('it is larger than any document of this kind');
  if (isDeeper(json, MAX_DEPTH)) throw new Error(`it is nested more than ${MAX_DEPTH} levels deep`);
  return JSON.parse(json);
}
