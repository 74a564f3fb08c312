/** Parses a selection, line by line, and reports every mistake. */
import { failed, ok, type Result } from '../errors/index.ts';
import type { ExcludeLine, IncludeLine, Selection, SelectionLine, SelectionProblem } from '../model/selection.ts';
import { OPTIONAL, readOptions } from './options.ts';
import { readPattern, repositoryPart } from './pattern.ts';
import {
  escapeInvisible,
  invisibleCharacter,
  mistakeAt,
  tokensOf,
  withoutComment,
  type Mistake,
  type Token,
} from './tokens.ts';

/** Characters. A repository has at most 256, a digest 71, so a longer line is probably not a selection. */
const MAX_LINE_LENGTH = 512;

/** Characters of a line in the problem that reports it as too long. */
const TRUNCATED_LINE_LENGTH = 60;

const textOf = (tokens: readonly Token[]): string => tokens.map(({ text }) => text).join(' ');

/** Finds a line that starts with an option or with `optional`. */
function missingArtifact(first: Token, rest: readonly Token[]): Mistake | null {
  const { text, column } = first;
  if (/^[a-z-]+=/i.test(text)) return { column, problem: `name the artifacts first: team/api:* ${text}` };
  if (text !== OPTIONAL) return null;
  const [artifact] = rest;
  if (artifact !== undefined) return { column, problem: `optional is the last word: ${textOf(rest)} ${OPTIONAL}` };
  return {
    column,
    problem: 'optional is the last word of a line; to select a repository of this name, write optional:latest',
  };
}

function readInclude(first: Token, rest: readonly Token[], where: string): Result<IncludeLine, Mistake> {
  const mistake = missingArtifact(first, rest);
  if (mistake !== null) return failed(mistake);
  const pattern = readPattern(first, 'include');
  if (!pattern.ok) return pattern;
  const optional = rest.at(-1)?.text === OPTIONAL;
  const options = optional ? rest.slice(0, -1) : rest;
  const filters = readOptions(options);
  if (!filters.ok) return filters;
  const [option] = options;
  if (option !== undefined && pattern.value.tags.kind !== 'glob') {
    const form = `${repositoryPart(first)}:* ${textOf(options)}`;
    return mistakeAt(option.column, `options need a pattern of tags: ${form}`);
  }
  const text = textOf([first, ...options]);
  return ok({ kind: 'include', where, text, ...pattern.value, filters: filters.value, optional });
}

/** Finds a `!` without a pattern directly after it. */
function emptyExclusion(first: Token, [next]: readonly Token[]): Mistake | null {
  const { text, column } = first;
  if (text.startsWith('!!')) return { column: column + 1, problem: 'write one ! to exclude artifacts' };
  if (text !== '!') return null;
  if (next !== undefined) return { column: column + 1, problem: `remove the space after !: !${next.text}` };
  return { column, problem: 'write what to exclude directly after !: !team/api:*-rc*' };
}

function readExclude(first: Token, rest: readonly Token[], where: string): Result<ExcludeLine, Mistake> {
  const mistake = emptyExclusion(first, rest);
  if (mistake !== null) return failed(mistake);
  const pattern = readPattern({ text: first.text.slice(1), column: first.column + 1 }, 'exclude');
  if (!pattern.ok) return pattern;
  const [extra] = rest;
  if (extra === undefined) return ok({ kind: 'exclude', where, text: first.text, ...pattern.value });
  if (extra.text === OPTIONAL) {
    return mistakeAt(extra.column, `a line with ! is always optional: write ${first.text} alone`);
  }
  return mistakeAt(extra.column, `a line with ! has neither options nor more artifacts: write ${first.text}`);
}

function readLine(line: string, where: string): Result<SelectionLine, Mistake> | null {
  const [first, ...rest] = tokensOf(line);
  if (first === undefined) return null;
  const tooLong = first.column - 1 + MAX_LINE_LENGTH;
  if (line.trimEnd().length > tooLong) {
    return mistakeAt(tooLong + 1, `longer than ${MAX_LINE_LENGTH} characters; write one artifact per line`);
  }
  const mistake = invisibleCharacter(line);
  if (mistake !== null) return failed(mistake);
  return first.text.startsWith('!') ? readExclude(first, rest, where) : readInclude(first, rest, where);
}

/** Truncates a line that is too long, and escapes invisible characters. */
const toProblemText = (line: string): string =>
  escapeInvisible(line.length > MAX_LINE_LENGTH ? `${line.slice(0, TRUNCATED_LINE_LENGTH)}…` : line);

/**
 * Parses a selection. Each line selects artifacts or, after `!`, excludes them. Options and `optional` follow the artifacts;
 * `#` starts a comment. Never throws: every line that isn't blank becomes a selection line or a problem.
 * @param text the lines, with line breaks of any system
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
    if (read.ok) lines.push(read.value);
    else {
      const { column, problem } = read.problem;
      problems.push({ where: `${where}, column ${column}`, text: toProblemText(line.trim()), problem });
    }
  }
  return { lines, problems };
}
