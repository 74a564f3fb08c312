/** Mutations of the decisions of a source file, selected by its syntax alone. */
import ts from 'typescript';
import { isExcluded, weightOf } from './rules.ts';

/** A replacement of a part of a file's text. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What a mutation does to a decision. */
export type Kind =
  | 'boundary'
  | 'case'
  | 'condition'
  | 'early exit'
  | 'equality'
  | 'fallback'
  | 'logical'
  | 'negation'
  | 'operand'
  | 'predicate'
  | 'quantifier';

/** One decision, changed in one way. */
export interface Mutation {
  /** Relative to the root of the tree, with slashes. */
  readonly file: string;
  readonly kind: Kind;
  /** Before and after, shortened to one line. */
  readonly what: string;
  /** The functions and variables around it, from the outermost. */
  readonly near: string;
  /** How likely it is drawn, compared with the others. */
  readonly weight: number;
  /** Where it is: two mutations whose spans overlap can't be in one tree. */
  readonly span: { readonly start: number; readonly end: number };
  /** The mutation alone, as a developer would type it. */
  readonly plain: Edit;
  /** The mutation and the original behind a switch. `active` is an expression. */
  readonly switched: (active: string) => Edit;
}

/** What a node is changed to. The rest of a mutation follows from the node. */
interface Change {
  readonly kind: Kind;
  readonly node: ts.Node;
  /** Text after the change, for an expression. */
  readonly to: string;
  /** Where the change isn't one of an expression. */
  readonly edits?: Pick<Mutation, 'plain' | 'switched'>;
}

const MAX_TEXT = 90;

const shorten = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= MAX_TEXT ? line : `${line.slice(0, MAX_TEXT - 1)}…`;
};

const isNamed = (node: ts.Node): node is ts.NamedDeclaration =>
  ts.isFunctionDeclaration(node) ||
  ts.isMethodDeclaration(node) ||
  ts.isClassDeclaration(node) ||
  ts.isVariableDeclaration(node) ||
  ts.isPropertyAssignment(node) ||
  ts.isPropertyDeclaration(node);

function nearOf(node: ts.Node, source: ts.SourceFile): string {
  const names: string[] = [];
  for (let at: ts.Node = node; !ts.isSourceFile(at); at = at.parent) {
    if (isNamed(at) && at.name !== undefined) names.unshift(shorten(at.name.getText(source)));
  }
  return names.join(' > ');
}

const BOUNDARIES: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.LessThanToken, '<='],
  [ts.SyntaxKind.LessThanEqualsToken, '<'],
  [ts.SyntaxKind.GreaterThanToken, '>='],
  [ts.SyntaxKind.GreaterThanEqualsToken, '>'],
]);

const EQUALITIES: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.EqualsEqualsEqualsToken, '!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, '==='],
  [ts.SyntaxKind.EqualsEqualsToken, '!='],
  [ts.SyntaxKind.ExclamationEqualsToken, '=='],
]);

const LOGICAL: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.AmpersandAmpersandToken, '||'],
  [ts.SyntaxKind.BarBarToken, '&&'],
]);

/** Operands keep their grouping with each operator. */
const binary = (left: string, operator: string, right: string): string => `(${left}) ${operator} (${right})`;

function changesOfBinary(node: ts.BinaryExpression, text: (of: ts.Node) => string): readonly Change[] {
  const [left, right, operator] = [text(node.left), text(node.right), node.operatorToken.kind];
  const changed = (kind: Kind, to: string | undefined): readonly Change[] =>
    to === undefined ? [] : [{ kind, node, to: binary(left, to, right) }];
  const one = (kind: Kind): readonly Change[] => [left, right].map((to) => ({ kind, node, to }));
  if (operator === ts.SyntaxKind.QuestionQuestionToken) return one('fallback');
  const logical = changed('logical', LOGICAL.get(operator));
  return [
    ...changed('boundary', BOUNDARIES.get(operator)),
    ...changed('equality', EQUALITIES.get(operator)),
    ...logical,
    ...(logical.length > 0 ? one('operand') : []),
  ];
}

const isExit = (statement: ts.Statement | undefined): boolean =>
  statement !== undefined &&
  (ts.isReturnStatement(statement) ||
    ts.isThrowStatement(statement) ||
    ts.isContinueStatement(statement) ||
    ts.isBreakStatement(statement) ||
    (ts.isBlock(statement) && isExit(statement.statements.at(-1))));

/** A condition that always holds, or never. */
const always = (node: ts.Expression, kind: Kind, values: readonly boolean[]): readonly Change[] =>
  node.kind === ts.SyntaxKind.TrueKeyword ? [] : values.map((value) => ({ kind, node, to: String(value) }));

function changesOfCondition(node: ts.Node): readonly Change[] {
  if (ts.isIfStatement(node)) {
    const exits = node.elseStatement === undefined && isExit(node.thenStatement);
    return [
      ...always(node.expression, exits ? 'early exit' : 'condition', [false]),
      ...always(node.expression, 'condition', [true]),
    ];
  }
  if (ts.isConditionalExpression(node)) return always(node.condition, 'condition', [true, false]);
  // A loop that never ends tells no more than one that is never entered.
  if (ts.isWhileStatement(node) || ts.isDoStatement(node)) return always(node.expression, 'condition', [false]);
  if (ts.isForStatement(node) && node.condition !== undefined) return always(node.condition, 'condition', [false]);
  return [];
}

const PREDICATES = ['filter', 'find', 'findIndex', 'findLast', 'some', 'every'];
const QUANTIFIERS: Readonly<Record<string, string>> = { some: 'every', every: 'some' };

/** `.some` becomes `.every`; with a switch it is an element access, which leaves the rest of the chain as it is. */
function quantifier(node: ts.PropertyAccessExpression, from: string, to: string): Change {
  const [start, end] = [node.name.getStart(), node.name.getEnd()];
  const dot = node.questionDotToken === undefined ? -1 : 0;
  return {
    kind: 'quantifier',
    node,
    to,
    edits: {
      plain: { start, end, text: to },
      // `.` goes away, `?.` stays.
      switched: (active) => ({ start: start + dot, end, text: `[${active} ? '${to}' : '${from}']` }),
    },
  };
}

function changesOfCall(node: ts.CallExpression): readonly Change[] {
  const { expression, arguments: given } = node;
  const [predicate] = given;
  if (!ts.isPropertyAccessExpression(expression) || predicate === undefined || given.length !== 1) return [];
  const name = expression.name.text;
  if (!PREDICATES.includes(name)) return [];
  const other = QUANTIFIERS[name];
  return [
    ...(other === undefined ? [] : [quantifier(expression, name, other)]),
    ...[true, false].map((value) => ({ kind: 'predicate' as const, node: predicate, to: `() => ${value}` })),
  ];
}

/** A value that no expression equals. */
const NO_CASE = 'Symbol()';

function changesOfClause(node: ts.CaseOrDefaultClause, text: (of: ts.Node) => string): readonly Change[] {
  if (node.statements.length === 0) return [];
  const plain = { start: node.getStart(), end: node.getEnd(), text: '' };
  if (ts.isDefaultClause(node)) {
    const at = node.statements.pos;
    const switched = (active: string): Edit => ({ start: at, end: at, text: ` if (${active}) break;` });
    return [{ kind: 'case', node, to: '', edits: { plain, switched } }];
  }
  const { expression } = node;
  const [start, end] = [expression.getStart(), expression.getEnd()];
  const switched = (active: string): Edit => ({
    start,
    end,
    text: `(${active} ? ${NO_CASE} : ${text(expression)})`,
  });
  return [{ kind: 'case', node, to: '', edits: { plain, switched } }];
}

function changesOf(node: ts.Node, text: (of: ts.Node) => string): readonly Change[] {
  if (ts.isBinaryExpression(node)) return changesOfBinary(node, text);
  if (ts.isCallExpression(node)) return changesOfCall(node);
  if (ts.isCaseClause(node) || ts.isDefaultClause(node)) return changesOfClause(node, text);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    return [{ kind: 'negation', node, to: text(node.operand) }];
  }
  return changesOfCondition(node);
}

function mutationOf({ kind, node, to, edits }: Change, file: string, source: ts.SourceFile): Mutation {
  const [start, end] = [node.getStart(source), node.getEnd()];
  const from = source.text.slice(start, end);
  return {
    file,
    kind,
    what: edits === undefined || to !== '' ? `${shorten(from)} → ${shorten(to)}` : `${shorten(from)} → removed`,
    near: nearOf(node, source),
    weight: weightOf(kind, node, source),
    span: { start, end },
    plain: { start, end, text: `(${to})` },
    switched: (active) => ({ start, end, text: `(${active} ? (${to}) : (${from}))` }),
    ...edits,
  };
}

/**
 * All mutations of a file, in the order of its text.
 * @param file its path, relative to the root of the tree
 */
export function mutationsOf(file: string, content: string): readonly Mutation[] {
  const source = ts.createSourceFile(file, content, ts.ScriptTarget.Latest, true);
  const text = (of: ts.Node): string => of.getText(source);
  const found: Mutation[] = [];
  const visit = (node: ts.Node): void => {
    for (const change of changesOf(node, text)) {
      if (!isExcluded(change.kind, change.node, source)) found.push(mutationOf(change, file, source));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** A text with edits that don't overlap. */
export function applyEdits(content: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end, text } of edits.toSorted((one, other) => one.start - other.start)) {
    parts.push(content.slice(from, start), text);
    from = end;
  }
  return [...parts, content.slice(from)].join('');
}
