/** Evaluates expressions and templates with GitHub's own evaluator. */
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import type { FunctionDefinition } from '@actions/expressions/funcs/info';
import { truthy } from '@actions/expressions/result';
import {
  isBasicExpression,
  isBoolean,
  isMapping,
  isNumber,
  isSequence,
  isString,
} from '@actions/workflow-parser/templates/tokens/type-guards';
import { members, placeOf, type Template } from './template.ts';
import { fromData, textOf, toData, type Value, type ValueObject } from './value.ts';

/** The contexts of an expression. */
export interface Scope {
  readonly contexts: ValueObject;
  /** Functions in addition to those of every expression: `success()` and similar ones. */
  readonly functions?: readonly FunctionDefinition[];
}

/** Workspaces aren't hashed here, so a workflow that requests it must fail. */
const HASH_FILES: FunctionDefinition = {
  name: 'hashFiles',
  minArgs: 1,
  maxArgs: 255,
  call: () => {
    throw new Error('hashFiles() is not played by this runner');
  },
};

function evaluateData(expression: string, { contexts, functions = [] }: Scope): data.ExpressionData {
  const known = [...functions, HASH_FILES];
  const tree = new Parser(new Lexer(expression).lex().tokens, Object.keys(contexts), known).parse();
  const dictionary = new data.Dictionary(
    ...Object.entries(contexts).map(([key, value]) => ({ key, value: toData(value) })),
  );
  const byName = new Map(known.map((definition) => [definition.name.toLowerCase(), definition]));
  return new Evaluator(tree, dictionary, byName).evaluate();
}

/**
 * Evaluates the text within `${{ }}`.
 * @throws if it is no expression, names an unknown context, or fails
 */
export const evaluateExpression = (expression: string, scope: Scope): Value =>
  fromData(evaluateData(expression, scope));

/** Whether a condition is true, by GitHub's rules. */
export const holds = (expression: string, scope: Scope): boolean => truthy(evaluateData(expression, scope));

function evaluateScalar(token: Template, scope: Scope): Value {
  if (isBasicExpression(token)) return evaluateExpression(token.expression, scope);
  if (isString(token) || isNumber(token) || isBoolean(token)) return token.value;
  if (token.isExpression) throw new Error('${{ insert }} is not played by this runner');
  return null;
}

/**
 * Evaluates a template with all its expressions.
 * @throws an error with the position in the file, in GitHub's words
 */
export function evaluate(token: Template, scope: Scope): Value {
  if (isSequence(token)) return [...token].map((item) => evaluate(item, scope));
  if (isMapping(token)) {
    return Object.fromEntries(
      [...token].map(({ key, value }) => [textOf(evaluateScalar(key, scope)), evaluate(value, scope)]),
    );
  }
  try {
    return evaluateScalar(token, scope);
  } catch (error) {
    throw new Error(`${placeOf(token)}: ${(error as Error).message}`, { cause: error });
  }
}

/** Evaluates a template to a string; empty if it is absent. */
export function evaluateText(token: Template | undefined, scope: Scope): string {
  if (token === undefined) return '';
  const value = evaluate(token, scope);
  if (typeof value !== 'object' || value === null) return textOf(value);
  throw new Error(`${placeOf(token)}: Unexpected type of value '${textOf(value)}', expected type: String.`);
}

/** Evaluates a mapping of strings, such as `env`, `with` and `outputs`. */
export const evaluateTexts = (token: Template | undefined, scope: Scope): Record<string, string> =>
  Object.fromEntries(members(token).map(([name, value]) => [name, evaluateText(value, scope)]));
