/** `<URL>; rel="next"` among the links of a header (RFC 8288; OCI distribution 1.1, "Listing Tags"). */
const NEXT = /<([^>]*)>[^,<]*;\s*rel="?next"?/i;

/**
 * The URL of the page after this one; null when it is the last. The service gives a relative URL
 * (Azure/acr, docs/AAD-OAuth.md: `</v2/_catalog?last=…&n=2&orderby=>; rel="next"`).
 * @param link the `Link` header
 * @param url of this page
 */
export function nextPage(link: string | undefined, url: string): string | null {
  const target = NEXT.exec(link ?? '')?.[1];
  if (target === undefined) return null;
  const next = new URL(target, url);
  // The token goes with the request: never to another host, whatever an answer says.
  if (next.origin !== new URL(url).origin) throw new Error(`a list went on at another host: ${next.host}`);
  return next.href;
}
