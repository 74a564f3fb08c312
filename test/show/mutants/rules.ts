/** Which decisions are mutated, and how often: rules of syntax, each with its reason. */
import ts from 'typescript';
import type { Kind } from './mutations.ts';

/** A kind of mutation that no test is expected to notice. */
interface Rule {
  readonly reason: string;
  readonly applies: (kind: Kind, node: ts.Node, source: ts.SourceFile) => boolean;
}

function hasAncestor(node: ts.Node, test: (ancestor: ts.Node) => boolean): boolean {
  for (let at = node.parent; !ts.isSourceFile(at); at = at.parent) if (test(at)) return true;
  return false;
}

const isText = (node: ts.Node): boolean =>
  ts.isStringLiteralLike(node) ||
  ts.isTemplateExpression(node) ||
  (ts.isParenthesizedExpression(node) && isText(node.expression)) ||
  (ts.isConditionalExpression(node) && isText(node.whenTrue) && isText(node.whenFalse));

/** Several words are meant for people; a single one can be a value. */
const isProse = (node: ts.Node): boolean => isText(node) && /\S \S/.test(node.getText());

/** A decision between two texts. One of them is prose, or both are part of a longer text. */
const choosesWording = (node: ts.Node): boolean =>
  hasAncestor(
    node,
    (at) =>
      ts.isConditionalExpression(at) &&
      isText(at) &&
      ([at.whenTrue, at.whenFalse].some(isProse) || hasAncestor(at, (outer) => ts.isTemplateSpan(outer))),
  );

const isOrder = (node: ts.Expression): boolean => /^-?\d+$/.test(node.getText()) || ts.isConditionalExpression(node);

/** `Number(a > b)`, a part of an order. */
const isCountedInOrder = ({ parent }: ts.Node): boolean =>
  ts.isCallExpression(parent) && ts.isIdentifier(parent.expression) && parent.expression.text === 'Number';

/** `a < b ? -1 : 1` and `Number(a > b)`, where equal keys don't occur, and `a < b ? a : b`, where either is right. */
function isIndifferentToEquals(node: ts.Node, source: ts.SourceFile): boolean {
  if (isCountedInOrder(node)) return true;
  if (!ts.isBinaryExpression(node) || !ts.isConditionalExpression(node.parent)) return false;
  const { condition, whenTrue, whenFalse } = node.parent;
  if (condition !== node) return false;
  const compared = [node.left, node.right].map((one) => one.getText(source));
  return (
    (isOrder(whenTrue) && isOrder(whenFalse)) ||
    [whenTrue, whenFalse].every((one) => compared.includes(one.getText(source)))
  );
}

/** `list.length > 0`, also of a size. A length is never negative. */
const isEmptinessCheck = (node: ts.Node): boolean =>
  ts.isBinaryExpression(node) &&
  node.operatorToken.kind === ts.SyntaxKind.GreaterThanToken &&
  node.right.getText() === '0' &&
  ts.isPropertyAccessExpression(node.left) &&
  /^(?:length|size)$/.test(node.left.name.text);

const RULES: readonly Rule[] = [
  {
    reason: 'With >=, the check of a length always holds. The condition that always holds is a mutation of its own.',
    applies: (kind, node) => kind === 'boundary' && isEmptinessCheck(node),
  },
  {
    reason: 'Wording: tests match messages by id, not by their text.',
    applies: (_, node) => choosesWording(node),
  },
  {
    reason: 'Equal operands give the same result on both sides of the boundary.',
    applies: (kind, node, source) => kind === 'boundary' && isIndifferentToEquals(node, source),
  },
  {
    reason: 'The processes of one test run have one platform and one version of Node.',
    applies: (_, node, source) => /\bprocess\.(?:platform|arch|versions?)\b/.test(node.getText(source)),
  },
];

/** Whether a rule excludes a mutation. */
export const isExcluded = (kind: Kind, node: ts.Node, source: ts.SourceFile): boolean =>
  RULES.some(({ applies }) => applies(kind, node, source));

/** Kinds that have several variants at one decision, or that tests notice easily, are drawn less often. */
const WEIGHTS: Readonly<Record<Kind, number>> = {
  boundary: 1.5,
  case: 0.5,
  condition: 0.5,
  'early exit': 1,
  equality: 0.5,
  fallback: 0.25,
  logical: 0.5,
  negation: 0.5,
  operand: 0.75,
  predicate: 0.75,
  quantifier: 1,
};

const DESTRUCTIVE = 4;
const TEXT = 0.2;

const isFunction = (node: ts.Node): node is ts.SignatureDeclaration & ts.FunctionLikeDeclaration =>
  ts.isFunctionDeclaration(node) ||
  ts.isFunctionExpression(node) ||
  ts.isArrowFunction(node) ||
  ts.isMethodDeclaration(node);

function functionOf(node: ts.Node): (ts.SignatureDeclaration & ts.FunctionLikeDeclaration) | null {
  for (let at = node.parent; !ts.isSourceFile(at); at = at.parent) if (isFunction(at)) return at;
  return null;
}

const DELETES = /^(?:delete|remove|rm|unlink|disable|discard)/;

function callsDelete(node: ts.Node): boolean {
  if (ts.isCallExpression(node)) {
    const { expression } = node;
    const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
    if (ts.isIdentifier(name) && DELETES.test(name.text)) return true;
  }
  return ts.forEachChild(node, (child) => callsDelete(child) || undefined) ?? false;
}

/** A function that is declared to return text. */
const returnsText = (type: ts.TypeNode | undefined, source: ts.SourceFile): boolean =>
  type !== undefined && /^(?:readonly )?string\b/.test(type.getText(source));

/**
 * How likely a mutation is drawn. Guards of functions that delete something count more. Functions that return text
 * decide mostly about wording and count less.
 */
export function weightOf(kind: Kind, node: ts.Node, source: ts.SourceFile): number {
  const around = functionOf(node);
  if (around === null) return WEIGHTS[kind];
  if (callsDelete(around)) return WEIGHTS[kind] * DESTRUCTIVE;
  return returnsText(around.type, source) ? WEIGHTS[kind] * TEXT : WEIGHTS[kind];
}
