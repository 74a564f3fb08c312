/** Parses the options `semver`, `newest`, and `pushed-within`, and suggests the closest option for a misspelled one. */
import { Range, validRange } from 'semver';
import { failed, ok, type Result } from '../errors/index.ts';
import type { Filters } from '../model/selection.ts';
import { mistakeAt, type Mistake, type Token } from './tokens.ts';

type OptionKey = 'semver' | 'newest' | 'pushed-within';

/** In the order in which messages list them. */
const OPTION_KEYS: readonly OptionKey[] = ['semver', 'newest', 'pushed-within'];

/** A valid form of every option. */
const EXAMPLES: Readonly<Record<OptionKey, string>> = {
  semver: 'semver=^1.2',
  newest: 'newest=5',
  'pushed-within': 'pushed-within=30d',
};

/** More tags than `newest` is useful for. */
const MAX_NEWEST = 10_000;

const SECONDS: Readonly<Record<string, number>> = { h: 3600, d: 24 * 3600, w: 7 * 24 * 3600 };

function readSemver(text: string): Result<Partial<Filters>, string> {
  const range = text.replaceAll(',', ' ');
  if (validRange(range) === null) {
    const example = 'write an npm range with commas instead of spaces: semver=^1.2 or semver=>=1.2,<2';
    return failed(`"${text}" is not a range of versions; ${example}`);
  }
  const versions = new Range(range);
  return ok({ semver: { text, matches: (tag) => versions.test(tag) } });
}

function readNewest(text: string): Result<Partial<Filters>, string> {
  const count = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : Infinity;
  if (count > MAX_NEWEST) return failed(`"${text}" is not a number from 1 to 10000: newest=5`);
  return ok({ newest: count });
}

function readPushedWithin(text: string): Result<Partial<Filters>, string> {
  const { count = '', unit = '' } = /^(?<count>[1-9]\d{0,4})(?<unit>[hdw])$/.exec(text)?.groups ?? {};
  const seconds = SECONDS[unit];
  if (seconds !== undefined) return ok({ pushedWithinSeconds: Number(count) * seconds });
  return failed(`"${text}" is not a duration: write hours, days, or weeks as pushed-within=12h, 30d, or 4w`);
}

const READERS: Readonly<Record<OptionKey, (text: string) => Result<Partial<Filters>, string>>> = {
  semver: readSemver,
  newest: readNewest,
  'pushed-within': readPushedWithin,
};

/**
 * Parses the value of an option. Ranges follow npm's rules (node-semver, "Ranges"), including those for prereleases.
 * @param text the text after the `=`
 */
export function readOptionValue(key: OptionKey, text: string): Result<Partial<Filters>, string> {
  if (text === '') return failed(`${key}= needs a value directly after it: ${EXAMPLES[key]}`);
  if (/^["'`]|["'`]$/.test(text)) return failed(`write the value without quotes: ${EXAMPLES[key]}`);
  return READERS[key](text);
}

/** The Levenshtein distance of two words: insertions, deletions, and replacements. */
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

/** Allows two typing errors, or one swapped pair. */
const MAX_DISTANCE = 2;

/** Finds the known word that is closest to a word, ignoring case; null if none is close enough. */
function nearestWord<Known extends string>(word: string, known: readonly Known[]): Known | null {
  const [nearest] = known
    .map((candidate) => ({ candidate, errors: distance(word.toLowerCase(), candidate) }))
    .filter(({ errors }) => errors <= MAX_DISTANCE)
    .toSorted((one, other) => one.errors - other.errors);
  return nearest?.candidate ?? null;
}

/** The last word of a line that is allowed to match nothing. */
export const OPTIONAL = 'optional';

/** Names that other tools use for these options, and that are not close to ours. */
const OTHER_NAMES: Readonly<Record<string, OptionKey>> = {
  ...Object.fromEntries(['version', 'versions', 'range'].map((name) => [name, 'semver'])),
  ...Object.fromEntries(['latest', 'last', 'count', 'limit', 'keep', 'top', 'max'].map((name) => [name, 'newest'])),
  ...Object.fromEntries(['pushed', 'since', 'within', 'age', 'max-age'].map((name) => [name, 'pushed-within'])),
};

/** Keys that are not options, and what to write instead. */
const NOT_OPTIONS: Readonly<Record<string, string>> = {
  tag: 'write the tag after its repository: team/api:v1',
  tags: 'write the tags after their repository: team/api:v1.*',
  digest: 'write the digest after its repository: team/api@sha256:…',
  exclude: 'write what to exclude on its own line: !team/api:*-rc*',
  ignore: 'write what to exclude on its own line: !team/api:*-rc*',
  [OPTIONAL]: 'optional has no value: write the word alone, at the end of the line',
};

const NO_FILTERS: Filters = { semver: null, newest: null, pushedWithinSeconds: null };

const isOptionKey = (text: string): text is OptionKey => (OPTION_KEYS as readonly string[]).includes(text);

/** The option that a key was probably meant as. */
const closestOption = (key: string): OptionKey | null =>
  Object.hasOwn(OTHER_NAMES, key.toLowerCase())
    ? (OTHER_NAMES[key.toLowerCase()] ?? null)
    : nearestWord(key, OPTION_KEYS);

function unknownOption(key: string, value: string): string {
  const instead = Object.hasOwn(NOT_OPTIONS, key.toLowerCase()) ? NOT_OPTIONS[key.toLowerCase()] : undefined;
  if (instead !== undefined) return instead;
  const nearest = closestOption(key);
  if (nearest !== null) return `"${key}=" is not an option; did you mean ${nearest}=${value}?`;
  const known = OPTION_KEYS.map((known) => `${known}=`).join(', ');
  return `"${key}=" is not an option; the options are ${known} and, as the last word, ${OPTIONAL}`;
}

/** The problem of a token without `=`: a key without its value, a misspelling, or a second artifact. */
function unexpectedWord(text: string): string {
  if (text.toLowerCase() === OPTIONAL) return 'optional is the last word of its line, once and in lower case';
  const [key = ''] = text.split(':', 1);
  if (isOptionKey(key)) return `write the option and its value as one word: ${EXAMPLES[key]}`;
  const nearest = nearestWord(text, [OPTIONAL, ...OPTION_KEYS]);
  if (nearest === null) return `write one artifact per line: "${text}" needs its own line`;
  return `"${text}" is not an option; did you mean ${nearest === OPTIONAL ? OPTIONAL : EXAMPLES[nearest]}?`;
}

/** Whether a token continues a range that was written with a space: `semver=>=1.2 <2`. */
const continuesRange = (token: Token, before: Token | undefined): boolean =>
  before?.text.startsWith('semver=') === true && /^(?:[<>=^~|-]|v?\d|[*x]$)/.test(token.text);

function readOption(token: Token, before: Token | undefined): Result<Partial<Filters>, Mistake> {
  if (before !== undefined && continuesRange(token, before)) {
    return mistakeAt(token.column, `write a comma instead of a space in a range: ${before.text},${token.text}`);
  }
  const equals = token.text.indexOf('=');
  if (equals < 0) return mistakeAt(token.column, unexpectedWord(token.text));
  const key = token.text.slice(0, equals);
  const value = token.text.slice(equals + 1);
  if (!isOptionKey(key)) return mistakeAt(token.column, unknownOption(key, value));
  const read = readOptionValue(key, value);
  return !read.ok ? mistakeAt(token.column + equals + 1, read.problem) : read;
}

/** Finds an option that a line has twice. */
function repeatedOption(tokens: readonly Token[]): Mistake | null {
  const seen = new Set<string>();
  for (const { text, column } of tokens) {
    const key = text.slice(0, text.indexOf('=') + 1);
    if (seen.has(key)) return { column, problem: `${key} appears twice on this line; write it once` };
    seen.add(key);
  }
  return null;
}

/** Parses the options of a line, without `optional`. */
export function readOptions(tokens: readonly Token[]): Result<Filters, Mistake> {
  let filters = NO_FILTERS;
  for (const [index, token] of tokens.entries()) {
    const option = readOption(token, tokens[index - 1]);
    if (!option.ok) return option;
    filters = { ...filters, ...option.value };
  }
  const repeated = repeatedOption(tokens);
  return repeated === null ? ok(filters) : failed(repeated);
}
