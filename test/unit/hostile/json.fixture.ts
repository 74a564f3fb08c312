import fc from 'fast-check';
import { hostileText } from './texts.fixture.ts';

/** Keys that reach a prototype where they are assigned carelessly. */
export const POISON: readonly string[] = ['__proto__', 'constructor', 'prototype'];

const key = fc.oneof(
  fc.constantFrom(...POISON, 'toString', 'hasOwnProperty', 'length', 'kind', 'version'),
  fc.string({ maxLength: 6 }),
);

const leaf = fc.oneof(
  hostileText,
  fc.constantFrom(null, true, false, 0, -1, 1e308, 2 ** 53, 0.5, '', '2026-01-01T00:00:00Z'),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

/** Any JSON value; objects have `__proto__` and the like as members of their own. */
export const hostileValue: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  ),
})).value;

type Path = readonly (string | number)[];

function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const below = Object.entries(value).flatMap(([name, member]) =>
    pathsIn(member, [...path, Array.isArray(value) ? Number(name) : name]),
  );
  return [path, ...below];
}

function replaced(value: unknown, [step, ...rest]: Path, by: unknown): unknown {
  if (step === undefined) return by;
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (index === step ? replaced(item, rest, by) : item));
  const entries = Object.entries(value as object);
  return Object.fromEntries(entries.map(([name, item]) => [name, name === step ? replaced(item, rest, by) : item]));
}

/** With unknown members in every object. */
function poisoned(value: unknown, evil: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => poisoned(item, evil));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, item]) => [name, poisoned(item, evil)] as const);
  return Object.fromEntries([...entries, ...POISON.map((name) => [name, evil] as const)]);
}

/** A good value in which one place holds something else, or every object some members more. */
export function tampered(good: unknown): fc.Arbitrary<unknown> {
  const paths = pathsIn(good);
  const place = fc.constantFrom(...paths);
  return fc.oneof(
    { weight: 4, arbitrary: fc.tuple(place, hostileValue).map(([path, evil]) => replaced(good, path, evil)) },
    { weight: 1, arbitrary: hostileValue.map((evil) => poisoned(good, evil)) },
    { weight: 1, arbitrary: hostileValue },
  );
}

/** `good` with unknown members in every object, which readers ignore. */
export const extended = (good: unknown): fc.Arbitrary<unknown> => hostileValue.map((evil) => poisoned(good, evil));

/** JSON of any depth, without the time that it takes to build it. */
export const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
