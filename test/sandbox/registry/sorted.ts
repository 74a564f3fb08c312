/** Times of the first and the last push. */
export interface Times {
  readonly createdTime: string;
  readonly lastUpdateTime: string;
}

/** Orders of a listing: by name, or by the time of the last update. */
export type Order = 'name' | 'timeasc' | 'timedesc';

/** The items of a repository in the orders of its lists. */
export interface Sorted<T> {
  readonly by: (order: Order) => readonly T[];
  /** Must be called after every change. */
  readonly changed: () => void;
}

/**
 * Sorts on demand, and only after a change, because a long listing is read page by page.
 * @param nameOf unique among the items
 */
export function createSorted<T extends Times>(items: () => Iterable<T>, nameOf: (item: T) => string): Sorted<T> {
  const known = new Map<Order, readonly T[]>();

  const sort = (order: Order): readonly T[] => {
    if (order === 'timedesc') return sort('timeasc').toReversed();
    const keyOf = order === 'name' ? nameOf : ({ lastUpdateTime }: T): string => lastUpdateTime;
    return [...items()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  };

  return {
    by: (order) => {
      const sorted = known.get(order) ?? sort(order);
      known.set(order, sorted);
      return sorted;
    },
    changed: () => {
      known.clear();
    },
  };
}
