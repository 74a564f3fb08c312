/** URLs: portal, documentation, safe web links. */
import type { ReportDocument } from '../../transfer/documents/index.ts';

/** What the documentation of the action that is running says of a failure; null for an action out of the workspace. */
export function docsUrl(id: string): string | null {
  const repository = process.env['GITHUB_ACTION_REPOSITORY'] ?? '';
  const ref = process.env['GITHUB_ACTION_REF'] ?? '';
  const server = process.env['GITHUB_SERVER_URL'] ?? 'https://github.com';
  if (repository === '' || ref === '') return null;
  return `${server}/${repository}/blob/${encodeURIComponent(ref)}/docs/errors.md#${id.toLowerCase()}`;
}

/** What is known of one side. */
export type ReportSide = NonNullable<ReportDocument['sides']['source']>;

/**
 * The page of a resource in a portal.
 * @param below of its pages, such as `/containersList`
 * @returns null when the cloud has no known portal
 */
export const portalPage = (portal: string | null, resourceId: string, below = ''): string | null =>
  portal === null ? null : `${portal.replace(/\/+$/, '')}/#@/resource${encodeURI(resourceId)}${below}`;

/**
 * The page of a resource of a side.
 * @param below of its pages, such as `/containersList`
 * @returns null when the cloud has no known portal, or nobody knows the resource
 */
export function portalUrl(side: ReportSide | null, resourceId: string | null, below = ''): string | null {
  return resourceId === null ? null : portalPage(side?.portal ?? null, resourceId, below);
}

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
