/** Where people see Azure resources in a browser, in the cloud that has them. */
import type { ReportDocument } from '../transfer/report-schema.ts';

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
