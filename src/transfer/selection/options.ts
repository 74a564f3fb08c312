/** Semver, newest, pushed-within; did you mean. */
import { Range, validRange } from 'semver';
import type { Parsed } from '../errors/index.ts';
import type { Filters } from '../model/selection.ts';
import { mistaken, type Mistake, type Token, type TokenResult } from './tokens.ts';

/** What an option of a line is called. */
type OptionKey = 'semver' | 'newest' | 'pushed-within';

/** The options, in the order in which they are explained. */
const OPTION_KEYS: readonly OptionKey[] = ['semver', 'newest', 'pushed-within'];

/** One right form of every option. */
const EXAMPLES: Readonly<Record<OptionKey, string>> = {
  semver: 'semver=^1.2',
  newest: 'newest=5',
  'pushed-within': 'pushed-within=30d',
};

/** More than any repository is sensibly cut down to. */
const MAX_NEWEST = 10_000;

const SECONDS: Readonly<Record<string, number>> = { h: 3600, d: 24 * 3600, w: 7 * 24 * 3600 };

function readSemver(text: string): Parsed<Partial<Filters>> {
  const range = text.replaceAll(',', ' ');
  if (validRange(range) === null) {
    const example = 'write it as npm does, with commas for blanks: semver=^1.2 or semver=>=1.2,<2';
    return { problem: `"${text}" is not a range of versions; ${example}` };
  }
  const versions = new Range(range);
  return { value: { semver: { text, matches: (tag) => versions.test(tag) } } };
}

function readNewest(text: string): Parsed<Partial<Filters>> {
  const count = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : Infinity;
  if (count > MAX_NEWEST) return { problem: `"${text}" is not a number from 1 to 10000: newest=5` };
  return { value: { newest: count } };
}

function readPushedWithin(text: string): Parsed<Partial<Filters>> {
  const { count = '', unit = '' } = /^(?<count>[1-9]\d{0,4})(?<unit>[hdw])$/.exec(text)?.groups ?? {};
  const seconds = SECONDS[unit];
  if (seconds !== undefined) return { value: { pushedWithinSeconds: Number(count) * seconds } };
  return { problem: `"${text}" is not a time: write hours, days or weeks as pushed-within=12h, 30d or 4w` };
}

const READERS: Readonly<Record<OptionKey, (text: string) => Parsed<Partial<Filters>>>> = {
  semver: readSemver,
  newest: readNewest,
  'pushed-within': readPushedWithin,
};

/**
 * Reads the value of an option. Ranges are npm's (node-semver, "Ranges"), also in what they say of prereleases.
 * @param text what stands after the `=`
 */
export function readOptionValue(key: OptionKey, text: string): Parsed<Partial<Filters>> {
  if (text === '') return { problem: `${key}= needs a value right behind it, without a blank: ${EXAMPLES[key]}` };
  if (/^["'`]|["'`]$/.test(text)) return { problem: `write the value without quotes: ${EXAMPLES[key]}` };
  return READERS[key](text);
}

/** Insertions, deletions and replacements that lead from one word to another (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let line = 1; line <= from.length; line += 1) {
    const next = [line];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (row[column - 1] ?? 0) + (to[column - 1] === from[line - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** Letters that may be wrong in a word: two typing errors, or one pair that changed places. */
const MAX_WRONG_LETTERS = 2;

/** The known word that was most likely meant, without regard to case; null when none comes near. */
function nearestWord<Known extends string>(word: string, known: readonly Known[]): Known | null {
  const [nearest] = known
    .map((candidate) => ({ candidate, wrong: distance(word.toLowerCase(), candidate) }))
    .filter(({ wrong }) => wrong <= MAX_WRONG_LETTERS)
    .toSorted((one, other) => one.wrong - other.wrong);
  return nearest?.candidate ?? null;
}

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
const continuesRange = (word: Token, before: Token | undefined): boolean =>
  before?.text.startsWith('semver=') === true && /^(?:[<>=^~|-]|v?\d|[*x]$)/.test(word.text);

function readOption(word: Token, before: Token | undefined): TokenResult<Partial<Filters>> {
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
function repeatedOption(words: readonly Token[]): Mistake | null {
  const seen = new Set<string>();
  for (const { text, column } of words) {
    const key = text.slice(0, text.indexOf('=') + 1);
    if (seen.has(key)) return { column, problem: `${key} stands twice on this line; write it once` };
    seen.add(key);
  }
  return null;
}

/** Reads the options of a line, without `optional`. */
export function readOptions(words: readonly Token[]): TokenResult<Filters> {
  let filters = NO_FILTERS;
  for (const [index, word] of words.entries()) {
    const option = readOption(word, words[index - 1]);
    if ('mistake' in option) return option;
    filters = { ...filters, ...option.value };
  }
  const repeated = repeatedOption(words);
  return repeated === null ? { value: filters } : { mistake: repeated };
}
