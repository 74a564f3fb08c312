import { Range, validRange } from 'semver';
import type { Parsed } from '../reference.ts';
import type { Filters } from './line.ts';

/** What an option of a line is called. */
export type OptionKey = 'semver' | 'newest' | 'pushed-within';

/** The options, in the order in which they are explained. */
export const OPTION_KEYS: readonly OptionKey[] = ['semver', 'newest', 'pushed-within'];

/** One right form of every option. */
export const EXAMPLES: Readonly<Record<OptionKey, string>> = {
  semver: 'semver=^1.2',
  newest: 'newest=5',
  'pushed-within': 'pushed-within=30d',
};

/** More than any repository is sensibly cut down to. */
const MOST_NEWEST = 10_000;

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
  if (count > MOST_NEWEST) return { problem: `"${text}" is not a number from 1 to 10000: newest=5` };
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
