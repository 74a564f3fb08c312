/** The order of jobs. Each one starts when all jobs that it needs have ended, with any result. */

/** A node of the graph. */
export interface Node {
  readonly id: string;
  readonly needs: readonly string[];
}

/** All nodes that a node needs, directly or indirectly. The parser rejects cycles and unknown names. */
export function ancestorsOf(id: string, nodes: readonly Node[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (each: string): void => {
    for (const need of nodes.find((node) => node.id === each)?.needs ?? []) {
      if (found.has(need)) continue;
      found.add(need);
      visit(need);
    }
  };
  visit(id);
  return found;
}

/**
 * Runs every node, with as much concurrency as their needs allow.
 * @param start must not reject; it gets the results of the ancestors
 * @returns results by ID, in the order of the nodes
 */
export async function runGraph<N extends Node, Result>(
  nodes: readonly N[],
  start: (node: N, ancestors: ReadonlyMap<string, Result>) => Promise<Result>,
): Promise<ReadonlyMap<string, Result>> {
  const results = new Map<string, Result>();
  const running = new Map<string, Promise<void>>();
  const run = (node: N): Promise<void> => {
    const known = running.get(node.id);
    if (known !== undefined) return known;
    const needed = nodes.filter(({ id }) => node.needs.includes(id));
    const promise = Promise.all(needed.map(run)).then(async () => {
      const ancestors = ancestorsOf(node.id, nodes);
      results.set(node.id, await start(node, new Map([...results].filter(([id]) => ancestors.has(id)))));
    });
    running.set(node.id, promise);
    return promise;
  };
  await Promise.all(nodes.map(run));
  return new Map(nodes.map(({ id }) => [id, results.get(id) as Result]));
}
