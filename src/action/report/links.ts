/** URLs of portal pages and of the documentation, and the check of untrusted URLs. */
import type { ReportDocument } from '../../transfer/documents/index.ts';

/** The documentation of an error, in the version of the running action; null for an action from the workspace. */
export function docsUrl(id: string): string | null {
  const repository = process.env['GITHUB_ACTION_REPOSITORY'] ?? '';
  const ref = process.env['GITHUB_ACTION_REF'] ?? '';
  const server = process.env['GITHUB_SERVER_URL'] ?? 'https://github.com';
  if (repository === '' || ref === '') return null;
  return `${server}/${repository}/blob/${encodeURIComponent(ref)}/docs/errors.md#${id.toLowerCase()}`;
}

/** One side of a report. */
export type ReportSide = NonNullable<ReportDocument['sides']['source']>;

/**
 * The portal page of a resource.
 * @param subpage such as `/containersList`
 * @returns null if the portal of the cloud is unknown
 */
export const portalPage = (portal: string | null, resourceId: string, subpage = ''): string | null =>
  portal === null ? null : `${portal.replace(/\/+$/, '')}/#@/resource${encodeURI(resourceId)}${subpage}`;

/**
 * The portal page of a resource of a side.
 * @param subpage such as `/containersList`
 * @returns null if the portal of the cloud or the resource is unknown
 */
export function portalUrl(side: ReportSide | null, resourceId: string | null, subpage = ''): string | null {
  return resourceId === null ? null : portalPage(side?.portal ?? null, resourceId, subpage);
}

/** Characters that are valid in a URL but end a Markdown link or a table cell. */
const UNSAFE = /[()[\]|\\'*`<>"]/g;

/**
 * Checks and encodes the URL of a web page for a Markdown link or an HTML attribute.
 * @returns null for everything else, such as `javascript:` URLs, paths and empty text
 */
export function webUrl(text: string): string | null {
  const url = URL.parse(text);
  if (url === null || !['https:', 'http:'].includes(url.protocol)) return null;
  return url.href.replace(UNSAFE, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
