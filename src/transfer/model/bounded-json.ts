/** JSON of strangers: it may be anything, but neither larger nor deeper than what is meant could be. */

/** Levels below each other. What is read here has fewer than ten; other members may have some of their own. */
const DEEPEST = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

const isOpening = (sign: number): boolean => sign === 0x5b || sign === 0x7b;
const isClosing = (sign: number): boolean => sign === 0x5d || sign === 0x7d;

/** The place of the quote that ends a text. */
function endOfText(json: string, quote: number): number {
  for (let place = quote + 1; place < json.length; place += 1) {
    const sign = json.charCodeAt(place);
    if (sign === QUOTE) return place;
    if (sign === BACKSLASH) place += 1;
  }
  return json.length;
}

/** Whether it goes deeper anywhere. Told before it is parsed, as whoever walks through the result goes as deep. */
function isDeeper(json: string, most: number): boolean {
  let depth = 0;
  for (let place = 0; place < json.length; place += 1) {
    const sign = json.charCodeAt(place);
    if (sign === QUOTE) place = endOfText(json, place);
    else if (isOpening(sign) && (depth += 1) > most) return true;
    else if (isClosing(sign)) depth -= 1;
  }
  return false;
}

/**
 * Parses JSON.
 * @param largest UTF-16 units
 * @throws SyntaxError for what is no JSON; Error with a reason for people when it is too large or too deep
 */
export function parseBoundedJson(json: string, largest: number): unknown {
  if (json.length > largest) throw new Error('it is larger than any document of this kind');
  if (isDeeper(json, DEEPEST)) throw new Error(`it is nested more than ${DEEPEST} levels deep`);
  return JSON.parse(json);
}
