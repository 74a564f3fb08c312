import { describe, expect, it } from '@jest/globals';
import { applyEdits, mutationsOf, type Mutation } from '../../../show/mutants/mutations.ts';

/** Each mutation as `kind: text of the whole file after it`. */
const mutated = (content: string): readonly string[] =>
  mutationsOf('src/one.ts', content).map(({ kind, plain }) => `${kind}: ${applyEdits(content, [plain])}`);

const only = (content: string, kind: Mutation['kind']): readonly string[] =>
  mutated(content)
    .filter((text) => text.startsWith(`${kind}: `))
    .map((text) => text.slice(kind.length + 2));

const ACTIVE = /isActive\(1\)/g;

/** Code with one mutation behind its switch, run with the switch off and on. */
function bothWays(content: string, pick: (mutation: Mutation) => boolean, argument: unknown): readonly unknown[] {
  const mutation = mutationsOf('src/one.ts', content).find(pick);
  if (mutation === undefined) throw new Error('there is no such mutation');
  const code = applyEdits(content, [mutation.switched('isActive(1)')]);
  expect(code.match(ACTIVE)).toHaveLength(1);
  return [false, true].map((active) => {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the code is what this test has just made.
    const run = new Function('given', code.replace(ACTIVE, String(active))) as (given: unknown) => unknown;
    return run(argument);
  });
}

describe('mutationsOf', () => {
  it('moves the boundary of a comparison', () => {
    expect(only('const a = b < c', 'boundary')).toEqual(['const a = ((b) <= (c))']);
    expect(only('const a = b <= c', 'boundary')).toEqual(['const a = ((b) < (c))']);
    expect(only('const a = b > c', 'boundary')).toEqual(['const a = ((b) >= (c))']);
    expect(only('const a = b >= c', 'boundary')).toEqual(['const a = ((b) > (c))']);
  });

  it('inverts an equality', () => {
    expect(only('const a = b === c', 'equality')).toEqual(['const a = ((b) !== (c))']);
    expect(only('const a = b !== c', 'equality')).toEqual(['const a = ((b) === (c))']);
  });

  it('exchanges logical operators, and drops each operand', () => {
    expect(mutated('const a = b && c')).toEqual([
      'logical: const a = ((b) || (c))',
      'operand: const a = (b)',
      'operand: const a = (c)',
    ]);
    expect(only('const a = b || c', 'logical')).toEqual(['const a = ((b) && (c))']);
  });

  it('keeps the grouping of an operator', () => {
    expect(only('const a = b && c || d', 'logical')).toEqual([
      'const a = ((b && c) && (d))',
      'const a = ((b) || (c)) || d',
    ]);
  });

  it('makes the condition of an if, a ternary and a loop constant', () => {
    expect(only('if (a) b();', 'condition')).toEqual(['if ((false)) b();', 'if ((true)) b();']);
    expect(only('const a = b ? c : d', 'condition')).toEqual(['const a = (true) ? c : d', 'const a = (false) ? c : d']);
    expect(only('while (a) b();', 'condition')).toEqual(['while ((false)) b();']);
    expect(only('do b(); while (a);', 'condition')).toEqual(['do b(); while ((false));']);
    expect(only('for (;a;) b();', 'condition')).toEqual(['for (;(false);) b();']);
  });

  it.each(['return 1;', 'throw a;', '{ b(); return; }'])('removes an early exit: %s', (exit) => {
    expect(only(`function f() { if (a) ${exit} c(); }`, 'early exit')).toEqual([
      `function f() { if ((false)) ${exit} c(); }`,
    ]);
  });

  it("doesn't treat a branch with an else as an early exit", () => {
    expect(only('function f() { if (a) return 1; else b(); }', 'early exit')).toEqual([]);
  });

  it('skips a loop that never ends', () => {
    expect(mutated('while (true) a();')).toEqual([]);
  });

  it('drops a negation', () => {
    expect(only('const a = !b', 'negation')).toEqual(['const a = (b)']);
  });

  it('drops either side of a default', () => {
    expect(mutated('const a = b ?? c')).toEqual(['fallback: const a = (b)', 'fallback: const a = (c)']);
  });

  it.each(['filter', 'find', 'findIndex', 'findLast'])('makes the predicate of %s constant', (name) => {
    expect(mutated(`a.${name}(b)`)).toEqual([
      `predicate: a.${name}((() => true))`,
      `predicate: a.${name}((() => false))`,
    ]);
  });

  it('exchanges some and every', () => {
    expect(only('a.some(b)', 'quantifier')).toEqual(['a.every(b)']);
    expect(only('a.every(b)', 'quantifier')).toEqual(['a.some(b)']);
  });

  it('removes a case and a default, but no case that falls through', () => {
    const content = 'switch (a) { case 1: case 2: b(); break; default: c(); }';
    expect(only(content, 'case')).toEqual([
      'switch (a) { case 1:  default: c(); }',
      'switch (a) { case 1: case 2: b(); break;  }',
    ]);
  });

  it('skips code without decisions, and types', () => {
    expect(mutated('type A<B> = B extends string ? 1 : 2; const a = b(c + 1);')).toEqual([]);
  });

  it('lists the changed documents and their places', () => {
    const [found] = mutationsOf('src/one.ts', 'const outer = { inner: () => a\n  < b };');
    expect(found).toMatchObject({
      file: 'src/one.ts',
      what: 'a < b → (a) <= (b)',
      near: 'outer > inner',
    });
  });

  it('shortens a long text to one line', () => {
    const [found] = mutationsOf('src/one.ts', `const a = ${'b'.repeat(500)} === c;`);
    expect(found?.what.length).toBeLessThan(200);
  });
});

describe('excluded mutations', () => {
  it.each(['list.length', 'set.size'])('has no boundary for %s > 0, but for other comparisons', (length) => {
    expect(only(`if (${length} > 0) a();`, 'boundary')).toEqual([]);
    expect(only(`if (${length} > 1) a();`, 'boundary')).toHaveLength(1);
    expect(only(`if (${length} > 0) a();`, 'condition')).toHaveLength(2);
  });

  it('skips the wording of a message', () => {
    expect(mutated("const a = `${n} ${n === 1 ? 'blob' : 'blobs'}`")).toEqual([]);
    expect(mutated("const a = isOpen ? 'lets chosen networks in' : 'closed'")).toEqual([]);
  });

  it('mutates a choice of texts that are not messages', () => {
    expect(mutated("const a = isExport ? 'source' : 'target'")).toHaveLength(2);
  });

  it('skips a boundary whose equal case makes no difference', () => {
    expect(only('const a = b < c ? -1 : 1', 'boundary')).toEqual([]);
    expect(only('const a = b < c ? b : c', 'boundary')).toEqual([]);
    expect(only('const a = Number(b > c) - Number(b < c)', 'boundary')).toEqual([]);
    expect(only('const a = b < c ? d : e', 'boundary')).toHaveLength(1);
  });

  it('skips code that depends on the platform of the test run', () => {
    expect(mutated("if (process.platform === 'win32') a();")).toEqual([]);
  });
});

describe('the weight of a mutation', () => {
  const weightIn = (content: string): number => mutationsOf('src/one.ts', content)[0]?.weight ?? 0;

  it('is larger in a function that deletes something', () => {
    expect(weightIn('function f() { if (a) return; b.remove(c); }')).toBeGreaterThan(
      weightIn('function f() { if (a) return; b.list(c); }'),
    );
  });

  it('is smaller in a function that returns text', () => {
    const decision = '{ return a === b ? c : d; }';
    expect(weightIn(`function f(): string ${decision}`)).toBeLessThan(weightIn(`function f(): number ${decision}`));
  });
});

describe('a mutation behind its switch', () => {
  it('is the original while the switch is off', () => {
    const kind = (wanted: Mutation['kind']) => (mutation: Mutation) => mutation.kind === wanted;
    expect(bothWays('return given < 3', kind('boundary'), 3)).toEqual([false, true]);
    expect(bothWays('if (given) return 1; return 2', kind('early exit'), true)).toEqual([1, 2]);
    expect(bothWays('return given.filter((n) => n > 1)', kind('predicate'), [1, 2])).toEqual([[2], [1, 2]]);
    expect(bothWays('return given.some((n) => n > 1)', kind('quantifier'), [1, 2])).toEqual([true, false]);
    expect(bothWays('return given?.every((n) => n > 1)', kind('quantifier'), [1, 2])).toEqual([false, true]);
    expect(bothWays('return given?.every((n) => n > 1)', kind('quantifier'), undefined)).toEqual([
      undefined,
      undefined,
    ]);
    expect(bothWays('switch (given) { case 1: return 1; } return 2', kind('case'), 1)).toEqual([1, 2]);
    expect(bothWays('switch (given) { default: return 1; } return 2', kind('case'), 1)).toEqual([1, 2]);
    expect(bothWays('return given ?? 7', kind('fallback'), undefined)).toEqual([7, undefined]);
    expect(bothWays('return !given', kind('negation'), true)).toEqual([false, true]);
  });
});
