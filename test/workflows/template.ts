/** Reads the tokens of GitHub's parser: the tree of a workflow file, checked with the schema, before expressions are evaluated. */
import {
  isBasicExpression,
  isMapping,
  isSequence,
  isString,
} from '@actions/workflow-parser/templates/tokens/type-guards';
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/index';

/** A part of a workflow file that is evaluated later. */
export type Template = TemplateToken;

/** The members of a mapping, in order. None of anything else. */
export function members(token: Template | undefined): readonly (readonly [string, Template])[] {
  if (token === undefined || !isMapping(token)) return [];
  return [...token].map(({ key, value }) => [key.toString(), value] as const);
}

/** One member of a mapping. */
export const member = (token: Template | undefined, name: string): Template | undefined =>
  token !== undefined && isMapping(token) ? token.find(name) : undefined;

/** The items of a sequence. A single scalar counts as one item, as in `needs:` and `on:`. */
export function items(token: Template | undefined): readonly Template[] {
  if (token === undefined || isMapping(token)) return [];
  return isSequence(token) ? [...token] : [token];
}

/** A string without expressions. */
export const literal = (token: Template | undefined): string | undefined =>
  token !== undefined && isString(token) ? token.value : undefined;

/** `(Line: 12, Col: 9)`, as in GitHub's messages. */
export const placeOf = (token: Template): string => `(Line: ${token.line ?? 0}, Col: ${token.col ?? 0})`;

/** A scalar as written in the file; empty if it is absent. */
export function sourceOf(token: Template | undefined): string {
  if (token === undefined) return '';
  if (isString(token)) return token.value;
  return isBasicExpression(token) ? (token.source ?? token.expression) : '';
}
