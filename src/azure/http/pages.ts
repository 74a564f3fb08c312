/** Reads lists page by page. */

/** A list that can't be read to its end: its pages loop, go to another host, or don't end. */
export class PagingError extends Error {}

/** A page of a list. */
export interface Page<Content> {
  readonly content: Content;
  /** Position of the next page: a URL, or a token of the service. Null, absent or empty for the last page. */
  readonly next: string | null | undefined;
}

/** Pages of one list. Lists of real services have far fewer. */
const MAX_PAGES = 10_000;

/**
 * Reads all pages of a list.
 * @param readPage reads the page at a position; null is the first page
 * @throws PagingError if a position repeats, or the list doesn't end
 */
export async function readPages<Content>(
  readPage: (position: string | null) => Promise<Page<Content>>,
): Promise<readonly Content[]> {
  const contents: Content[] = [];
  const seen = new Set<string>();
  let position: string | null = null;
  do {
    const { content, next }: Page<Content> = await readPage(position);
    contents.push(content);
    if (next === null || next === undefined || next === '') return contents;
    if (seen.has(next)) throw new PagingError('the list has a loop of pages');
    seen.add(next);
    position = next;
  } while (contents.length < MAX_PAGES);
  throw new PagingError(`the list has more than ${MAX_PAGES} pages`);
}

/**
 * Resolves the URL of a next page. Its request contains the token, so it must not go to another host.
 * @param link absolute or relative URL from the service
 * @param url of the current page, or of the service
 * @throws PagingError if the URL is invalid, or has another origin
 */
export function nextUrl(link: string, url: string): string {
  const next = URL.parse(link, url);
  if (next === null) throw new PagingError('the next page has an invalid URL');
  if (next.origin !== new URL(url).origin) throw new PagingError(`the next page is on another host: ${next.host}`);
  return next.href;
}
