/** URLs that somebody else had a hand in. */

/** Characters that a URL may have and that would end a link of Markdown, or a cell. */
const LOOSE = /[()[\]|\\'*`<>"]/g;

/**
 * The URL of a page, written so that it can stand in a link of Markdown and in an attribute of HTML.
 * @returns null for whatever is no page of the web: `javascript:`, paths, nothing
 */
export function webUrl(text: string): string | null {
  const url = URL.parse(text);
  if (url === null || !['https:', 'http:'].includes(url.protocol)) return null;
  return url.href.replace(LOOSE, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
