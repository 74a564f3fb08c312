import type { Filters } from './line.ts';
import { EXAMPLES, OPTION_KEYS, readOptionValue, type OptionKey } from './option.ts';
import { nearestWord } from './spelling.ts';
import { mistaken, type Mistake, type Reading, type Word } from './word.ts';

/** The word that ends a line which may match nothing. */
export const OPTIONAL = 'optional';

/** What other tools call these options, too far from our words to be a typing error. */
const OTHER_NAMES: Readonly<Record<string, OptionKey>> = {
  ...Object.fromEntries(['version', 'versions', 'range'].map((name) => [name, 'semver'])),
  ...Object.fromEntries(['latest', 'last', 'count', 'limit', 'keep', 'top', 'max'].map((name) => [name, 'newest'])),
  ...Object.fromEntries(['pushed', 'since', 'within', 'age', 'max-age'].map((name) => [name, 'pushed-within'])),
};

/** What is no option at all, and where it belongs. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  tag: 'a tag stands behind its repository: team/api:v1',
  tags: 'tags stand behind their repository: team/api:v1.*',
  digest: 'a digest stands behind its repository: team/api@sha256:…',
  exclude: 'what to leave out has a line of its own: !team/api:*-rc*',
  ignore: 'what to leave out has a line of its own: !team/api:*-rc*',
  [OPTIONAL]: 'optional has no value: write the word alone, at the end of the line',
};

const NO_FILTERS: Filters = { semver: null, newest: null, pushedWithinSeconds: null };

const isOptionKey = (text: string): text is OptionKey => (OPTION_KEYS as readonly string[]).includes(text);

const meant = (key: string): OptionKey | null =>
  Object.hasOwn(OTHER_NAMES, key.toLowerCase())
    ? (OTHER_NAMES[key.toLowerCase()] ?? null)
    : nearestWord(key, OPTION_KEYS);

function unknownOption(key: string, value: string): string {
  const elsewhere = Object.hasOwn(ELSEWHERE, key.toLowerCase()) ? ELSEWHERE[key.toLowerCase()] : undefined;
  if (elsewhere !== undefined) return elsewhere;
  const nearest = meant(key);
  if (nearest !== null) return `"${key}=" is not an option; did you mean ${nearest}=${value}?`;
  const known = OPTION_KEYS.map((known) => `${known}=`).join(', ');
  return `"${key}=" is not an option; there are ${known} and, as the last word, ${OPTIONAL}`;
}

/** A word without `=`: a key without its value, a misspelling, or a second artifact. */
function strayWord(text: string): string {
  if (text.toLowerCase() === OPTIONAL) return 'optional is the last word of its line, once and in lower case';
  const [key = ''] = text.split(':', 1);
  if (isOptionKey(key)) return `write the option and its value as one word: ${EXAMPLES[key]}`;
  const nearest = nearestWord(text, [OPTIONAL, ...OPTION_KEYS]);
  if (nearest === null) return `one artifact a line: "${text}" needs its own`;
  return `"${text}" is not an option; did you mean ${nearest === OPTIONAL ? OPTIONAL : EXAMPLES[nearest]}?`;
}

/** A word that goes on with a range: `semver=>=1.2 <2`. */
const continuesRange = (word: Word, before: Word | undefined): boolean =>
  before?.text.startsWith('semver=') === true && /^(?:[<>=^~|-]|v?\d|[*x]$)/.test(word.text);

function readOption(word: Word, before: Word | undefined): Reading<Partial<Filters>> {
  if (before !== undefined && continuesRange(word, before)) {
    return mistaken(word.column, `blanks in a range are written as commas: ${before.text},${word.text}`);
  }
  const equals = word.text.indexOf('=');
  if (equals < 0) return mistaken(word.column, strayWord(word.text));
  const key = word.text.slice(0, equals);
  const value = word.text.slice(equals + 1);
  if (!isOptionKey(key)) return mistaken(word.column, unknownOption(key, value));
  const read = readOptionValue(key, value);
  return 'problem' in read ? mistaken(word.column + equals + 1, read.problem) : read;
}

/** An option that stands a second time. */
function repeatedOption(words: readonly Word[]): Mistake | null {
  const seen = new Set<string>();
  for (const { text, column } of words) {
    const key = text.slice(0, text.indexOf('=') + 1);
    if (seen.has(key)) return { column, problem: `${key} stands twice on this line; write it once` };
    seen.add(key);
  }
  return null;
}

/** Reads the options of a line, without `optional`. */
export function readOptions(words: readonly Word[]): Reading<Filters> {
  let filters = NO_FILTERS;
  for (const [index, word] of words.entries()) {
    const option = readOption(word, words[index - 1]);
    if ('mistake' in option) return option;
    filters = { ...filters, ...option.value };
  }
  const repeated = repeatedOption(words);
  return repeated === null ? { value: filters } : { mistake: repeated };
}
