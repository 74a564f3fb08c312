import type { ExcludeLine, IncludeLine, Selection, SelectionLine, SelectionProblem } from '../model/selection.ts';
import { OPTIONAL, readOptions } from './options.ts';
import { readPattern, repositoryPart } from './pattern.ts';
import {
  escapeInvisible,
  invisibleCharacter,
  mistaken,
  tokensOf,
  withoutComment,
  type Mistake,
  type Token,
  type TokenResult,
} from './tokens.ts';

/** More than any line needs: a repository has at most 256 characters, a digest 71. Longer ones are most likely not lines. */
const MAX_LINE_LENGTH = 512;

/** Of a line that is too long to be read, in its problem. */
const MAX_SHOWN_LINE_LENGTH = 60;

const textOf = (words: readonly Token[]): string => words.map(({ text }) => text).join(' ');

/** A line that begins with what only follows an artifact. */
function headless(first: Token, rest: readonly Token[]): Mistake | null {
  const { text, column } = first;
  if (/^[a-z-]+=/i.test(text)) return { column, problem: `name the artifacts first: team/api:* ${text}` };
  if (text !== OPTIONAL) return null;
  const [artifact] = rest;
  if (artifact !== undefined) return { column, problem: `optional is the last word: ${textOf(rest)} ${OPTIONAL}` };
  return {
    column,
    problem: 'optional ends a line that may match nothing; a repository of this name is optional:latest',
  };
}

function readInclude(first: Token, rest: readonly Token[], where: string): TokenResult<IncludeLine> {
  const mistake = headless(first, rest);
  if (mistake !== null) return { mistake };
  const pattern = readPattern(first, 'include');
  if ('mistake' in pattern) return pattern;
  const optional = rest.at(-1)?.text === OPTIONAL;
  const options = optional ? rest.slice(0, -1) : rest;
  const filters = readOptions(options);
  if ('mistake' in filters) return filters;
  const [option] = options;
  if (option !== undefined && pattern.value.tags.kind !== 'glob') {
    const form = `${repositoryPart(first)}:* ${textOf(options)}`;
    return mistaken(option.column, `options choose among the tags of a pattern: ${form}`);
  }
  const text = textOf([first, ...options]);
  return { value: { kind: 'include', where, text, ...pattern.value, filters: filters.value, optional } };
}

/** Nothing behind the `!`, or nothing that can be read as a pattern. */
function emptyExclusion(first: Token, [next]: readonly Token[]): Mistake | null {
  const { text, column } = first;
  if (text.startsWith('!!')) return { column: column + 1, problem: 'one ! leaves out; a second one has no meaning' };
  if (text !== '!') return null;
  if (next !== undefined) return { column: column + 1, problem: `no blank after the !, write !${next.text}` };
  return { column, problem: 'name what to leave out right behind the !, as in !team/api:*-rc*' };
}

function readExclude(first: Token, rest: readonly Token[], where: string): TokenResult<ExcludeLine> {
  const mistake = emptyExclusion(first, rest);
  if (mistake !== null) return { mistake };
  const pattern = readPattern({ text: first.text.slice(1), column: first.column + 1 }, 'exclude');
  if ('mistake' in pattern) return pattern;
  const [extra] = rest;
  if (extra === undefined) return { value: { kind: 'exclude', where, text: first.text, ...pattern.value } };
  if (extra.text === OPTIONAL) {
    return mistaken(extra.column, `a line with ! may match nothing anyway: write ${first.text} alone`);
  }
  return mistaken(extra.column, `nothing follows what is left out, neither options nor artifacts: write ${first.text}`);
}

function readLine(line: string, where: string): TokenResult<SelectionLine> | null {
  const [first, ...rest] = tokensOf(line);
  if (first === undefined) return null;
  const tooLong = first.column - 1 + MAX_LINE_LENGTH;
  if (line.trimEnd().length > tooLong) {
    return mistaken(tooLong + 1, `longer than ${MAX_LINE_LENGTH} characters; one artifact a line`);
  }
  const mistake = invisibleCharacter(line);
  if (mistake !== null) return { mistake };
  return first.text.startsWith('!') ? readExclude(first, rest, where) : readInclude(first, rest, where);
}

const shown = (line: string): string =>
  escapeInvisible(line.length > MAX_LINE_LENGTH ? `${line.slice(0, MAX_SHOWN_LINE_LENGTH)}…` : line);

/**
 * Reads a selection: one line for what to select or, after `!`, to leave out; options and `optional` behind it; `#` comments.
 * It never throws: every line that is not blank is either understood or a problem.
 * @param text the lines, with line ends of any system
 * @param origin file name for messages; empty for an input
 */
export function parseSelection(text: string, origin = ''): Selection {
  const lines: SelectionLine[] = [];
  const problems: SelectionProblem[] = [];
  for (const [index, written] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const line = withoutComment(written);
    const where = `${origin === '' ? '' : `${origin} `}line ${index + 1}`;
    const read = readLine(line, where);
    if (read === null) continue;
    if ('value' in read) lines.push(read.value);
    else {
      const { column, problem } = read.mistake;
      problems.push({ where: `${where}, column ${column}`, text: shown(line.trim()), problem });
    }
  }
  return { lines, problems };
}
