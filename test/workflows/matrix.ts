/** Converts `strategy:` to the legs of a job. */
import { isList, isObject, textOf, type Value, type ValueObject } from './value.ts';

/** The settings of a job's legs. */
export interface Strategy {
  readonly failFast: boolean;
  /** Infinity without a limit. */
  readonly maxParallel: number;
  /** One for each leg. A job without a matrix has one leg, null. */
  readonly legs: readonly (ValueObject | null)[];
}

/** GitHub's limit for one job. */
const MAX_LEGS = 256;

const same = (a: Value | undefined, b: Value | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);

/** All combinations of the vectors. The last one changes first. */
function product(vectors: readonly (readonly [string, readonly Value[]])[]): readonly ValueObject[] {
  if (vectors.length === 0) return [];
  return vectors.reduce<readonly ValueObject[]>(
    (combinations, [name, values]) =>
      combinations.flatMap((combination) => values.map((value) => ({ ...combination, [name]: value }))),
    [{}],
  );
}

/** Whether the combination has every member of the pattern. Nested objects can be partial too. */
function matches(combination: Value | undefined, pattern: Value): boolean {
  if (!isObject(pattern)) return same(combination, pattern);
  return isObject(combination) && Object.entries(pattern).every(([name, value]) => matches(combination[name], value));
}

function filters(matrix: ValueObject, name: 'include' | 'exclude'): readonly ValueObject[] {
  const list = matrix[name] ?? [];
  if (!isList(list)) throw new Error(`Unexpected type of value '${textOf(list)}', expected type: Sequence.`);
  return list.map((entry) => {
    if (isObject(entry)) return entry;
    throw new Error(`Unexpected type of value '${textOf(entry)}', expected type: Mapping.`);
  });
}

/** An entry extends the original combinations that it doesn't contradict. If there are none, it is a leg of its own. */
function include(originals: readonly ValueObject[], entries: readonly ValueObject[]): readonly ValueObject[] {
  const legs = originals.map((original) => ({ ...original }));
  const added: ValueObject[] = [];
  for (const entry of entries) {
    const joined = legs.filter((_, index) =>
      Object.entries(entry).every(([name, value]) => {
        const original = originals[index] ?? {};
        return !(name in original) || same(original[name], value);
      }),
    );
    for (const leg of joined) Object.assign(leg, entry);
    if (joined.length === 0) added.push(entry);
  }
  return [...legs, ...added];
}

/**
 * The legs of a matrix, by GitHub's rules.
 * @throws if the matrix is no mapping, empty, or too large
 */
export function expandMatrix(matrix: Value): readonly ValueObject[] {
  if (!isObject(matrix)) throw new Error(`Unexpected type of value '${textOf(matrix)}', expected type: Mapping.`);
  const vectors = Object.entries(matrix)
    .filter(([name]) => name !== 'include' && name !== 'exclude')
    .map(([name, values]) => {
      if (!isList(values)) throw new Error(`Unexpected type of value '${textOf(values)}', expected type: Sequence.`);
      if (values.length === 0) throw new Error(`Matrix vector '${name}' does not contain any values`);
      return [name, values] as const;
    });
  const excluded = filters(matrix, 'exclude');
  const originals = product(vectors).filter((leg) => !excluded.some((pattern) => matches(leg, pattern)));
  const legs = include(originals, filters(matrix, 'include'));
  if (legs.length === 0) throw new Error('Matrix must define at least one vector');
  if (legs.length > MAX_LEGS) throw new Error(`The strategy configuration would generate more than ${MAX_LEGS} jobs`);
  return legs;
}

/** Parses an evaluated `strategy:`; null if there is none. */
export function readStrategy(strategy: Value): Strategy {
  if (!isObject(strategy)) return { failFast: true, maxParallel: Infinity, legs: [null] };
  const maxParallel = strategy['max-parallel'] ?? Infinity;
  return {
    failFast: strategy['fail-fast'] !== false,
    maxParallel: typeof maxParallel === 'number' && maxParallel > 0 ? maxParallel : Infinity,
    legs: strategy['matrix'] === undefined ? [null] : expandMatrix(strategy['matrix']),
  };
}

/** The suffix of the name of a leg: `(linux, 24)`. */
export const legLabel = (leg: ValueObject | null): string =>
  leg === null
    ? ''
    : ` (${Object.values(leg)
        .filter((value) => !isObject(value) && !isList(value))
        .map(textOf)
        .join(', ')})`;
