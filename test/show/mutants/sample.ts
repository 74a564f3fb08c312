/** Draws mutations by a seed: spread over the folders, with at most a few in one file. */
import { createHash } from 'node:crypto';
import type { Mutation } from './mutations.ts';

const MAX_PER_FILE = 3;

/** Which of several mutations the compiler accepts. Each is of another file. */
export type Compiles = (mutations: readonly Mutation[]) => readonly boolean[];

const folderOf = ({ file }: Mutation): string => file.slice(0, file.lastIndexOf('/'));

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/**
 * A number from 0 to 1 for each mutation. It depends only on the seed and the mutation itself, so that a change of other code
 * draws the same mutations again.
 */
function keysOf(mutations: readonly Mutation[], seed: number): readonly number[] {
  const counts = new Map<string, number>();
  return mutations.map(({ file, near, kind, what }) => {
    const name = JSON.stringify([file, near, kind, what]);
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return createHash('sha256').update(`${seed} ${name} ${count}`).digest().readUInt32BE() / 2 ** 32;
  });
}

/**
 * All mutations in the order in which they are drawn. Within a folder, a heavier one tends to come first (Efraimidis and
 * Spirakis, 2006). The share of a folder grows with the square root of its weight, so that small folders are not missed.
 */
export function drawOrder(mutations: readonly Mutation[], seed: number): readonly Mutation[] {
  const keys = keysOf(mutations, seed);
  const keyed = mutations.map((mutation, index) => ({ mutation, key: (keys[index] ?? 0) ** (1 / mutation.weight) }));
  return [...Map.groupBy(keyed, ({ mutation }) => folderOf(mutation)).values()]
    .flatMap((folder) => {
      const share = Math.sqrt(sum(folder.map(({ mutation }) => mutation.weight)));
      return folder
        .toSorted((one, other) => other.key - one.key)
        .map(({ mutation }, index) => ({ mutation, turn: (index + 0.5) / share }));
    })
    .toSorted((one, other) => one.turn - other.turn)
    .map(({ mutation }) => mutation);
}

const overlaps = (one: Mutation, other: Mutation): boolean =>
  one.file === other.file && one.span.start < other.span.end && other.span.start < one.span.end;

const fits = (mutation: Mutation, chosen: readonly Mutation[]): boolean =>
  chosen.filter(({ file }) => file === mutation.file).length < MAX_PER_FILE &&
  !chosen.some((other) => overlaps(mutation, other));

/** Groups in which no file occurs twice. */
function oneOfEachFile(mutations: readonly Mutation[]): readonly (readonly Mutation[])[] {
  const groups: Mutation[][] = [];
  for (const mutation of mutations) {
    const group = groups.find((members) => members.every(({ file }) => file !== mutation.file));
    if (group === undefined) groups.push([mutation]);
    else group.push(mutation);
  }
  return groups;
}

/**
 * The first mutations of an order that can be in one tree and that compile. Fewer than `count` if there are no more.
 * @param order see `drawOrder`
 */
export function sample(order: readonly Mutation[], count: number, compiles: Compiles): readonly Mutation[] {
  const chosen: Mutation[] = [];
  let next = 0;
  while (chosen.length < count && next < order.length) {
    const pending: Mutation[] = [];
    for (; next < order.length && chosen.length + pending.length < count; next += 1) {
      const mutation = order[next];
      if (mutation !== undefined && fits(mutation, [...chosen, ...pending])) pending.push(mutation);
    }
    for (const group of oneOfEachFile(pending)) {
      const accepted = compiles(group);
      chosen.push(...group.filter((_, index) => accepted[index]));
    }
  }
  return chosen;
}
