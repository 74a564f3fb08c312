/** Assumed: the page size, which isn't known for any list. It is small, so that clients get a second page soon. */
export const PAGE_SIZE = 20;

const TOKEN = '$skiptoken';

/**
 * One page of a list. `nextLink` is an absolute URL, and absent on the last page (recorded: absent for a single page).
 * @param items all items, oldest first
 * @param url of the request
 */
export function page<T>(
  items: readonly T[],
  url: URL,
  describe: (item: T) => unknown,
): { value: unknown[]; nextLink?: string } {
  const start = Number(Buffer.from(url.searchParams.get(TOKEN) ?? '', 'base64url').toString() || '0') || 0;
  const end = start + PAGE_SIZE;
  const value = items.slice(start, end).map(describe);
  if (end >= items.length) return { value };
  const next = new URL(url);
  next.searchParams.set(TOKEN, Buffer.from(String(end)).toString('base64url'));
  return { value, nextLink: next.href };
}
