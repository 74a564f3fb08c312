/** How often the service's list of imported artifacts is complete: the assumption of `src/transfer/verification/arrival.ts`. */

/** Imports of steps, and the number of imports whose list names all planned artifacts and nothing else. */
export interface ListCount {
  readonly imports: number;
  readonly complete: number;
}

/** A succeeded stage `import`. */
const IMPORT = /✓ batch \d+ of \d+ · import done/g;

/** No list, a list without tags, something that isn't planned, or an entry that can't be resolved. */
const INCOMPLETE =
  /The service did not list (?:what|the tags that) it imported\.(?! While)|ACRT600[78](?= [A-Z])|brought (?:an artifact|\d+ artifacts) that/g;

/** Counts the imports in the log of a step. A step with an incomplete list counts as one. */
export function countLists(log: string): ListCount {
  const imports = log.match(IMPORT)?.length ?? 0;
  const incomplete = Math.min(imports, new Set(log.match(INCOMPLETE) ?? []).size);
  return { imports, complete: imports - incomplete };
}

/** Adds up counts. */
export const addCounts = (one: ListCount, other: ListCount): ListCount => ({
  imports: one.imports + other.imports,
  complete: one.complete + other.complete,
});

/** The result at the end of the suite. */
export const listText = ({ imports, complete }: ListCount): string =>
  `the service's list of imported artifacts was complete in ${complete} of ${imports} imports`;
