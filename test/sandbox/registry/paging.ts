import type { Exchange } from '../http.ts';
import { refuse } from './refusal.ts';

/** Assumed: the default and the maximum page size. */
const [DEFAULT_SIZE, LARGEST_SIZE] = [100, 1000];

/** One page of a listing. */
export interface Page<T> {
  readonly items: readonly T[];
  /** `Link` to the next page, if there is one. */
  readonly headers: Readonly<Record<string, string>>;
}

function pageSize(query: URLSearchParams): number {
  const text = query.get('n');
  if (text === null || text === '') return DEFAULT_SIZE;
  if (!/^\d+$/.test(text)) throw refuse(400, 'PAGINATION_NUMBER_INVALID', 'invalid number of results requested', text);
  return Math.min(Number(text), LARGEST_SIZE);
}

/**
 * The start of the next page in a listing by name: the first item after a name, by binary search, because a listing can be
 * long.
 */
function firstAfter<T>(all: readonly T[], keyOf: (item: T) => string, last: string): number {
  let [from, to] = [0, all.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    const item = all[middle];
    if (item !== undefined && keyOf(item) > last) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** A page begins after the item of `last`. In a listing by name, that item can be deleted. In a listing by time, it must exist. */
function startAfter<T>(all: readonly T[], keyOf: (item: T) => string, last: string | null, byName: boolean): number {
  if (last === null || last === '') return 0;
  if (byName) return firstAfter(all, keyOf, last);
  const found = all.findIndex((item) => keyOf(item) === last);
  return found < 0 ? all.length : found + 1;
}

/**
 * The Link as documented: a relative URL that always has `orderby` (Azure/acr docs: `</v2/_catalog?last=…&n=2&orderby=>;
 * rel="next"`).
 */
function nextLink({ request, url }: Exchange, last: string, size: number): string {
  const query = new URLSearchParams({ last, n: String(size), orderby: url.searchParams.get('orderby') ?? '' });
  for (const [name, value] of url.searchParams) if (!query.has(name) && name !== 'api-version') query.set(name, value);
  const path = (request.url ?? '').split('?')[0] ?? '';
  return `<${path}?${query.toString()}>; rel="next"`;
}

/**
 * Returns the page of a listing that `n` and `last` of the request select.
 * @param all sorted by key, or by `orderby` of the request
 * @param keyOf the value that `last` names
 */
export function pageOf<T>(exchange: Exchange, all: readonly T[], keyOf: (item: T) => string): Page<T> {
  const query = exchange.url.searchParams;
  const size = pageSize(query);
  const start = startAfter(all, keyOf, query.get('last'), !query.get('orderby'));
  const items = all.slice(start, start + size);
  const last = items.at(-1);
  const more = last !== undefined && start + size < all.length;
  return { items, headers: more ? { link: nextLink(exchange, keyOf(last), size) } : {} };
}
