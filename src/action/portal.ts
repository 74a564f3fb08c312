/** Where people see Azure resources in a browser, in the cloud that has them. */
import type { ReportDocument } from '../transfer/schemas.ts';

/** What is known of one side. */
export type ReportSide = NonNullable<ReportDocument['sides']['source']>;

/**
 * The page of a resource.
 * @param below of its pages, such as `/containersList`
 * @returns null when the cloud has no known portal, or nobody knows the resource
 */
export function portalUrl(side: ReportSide | null, resourceId: string | null, below = ''): string | null {
  if (side?.portal == null || resourceId === null) return null;
  return `${side.portal.replace(/\/+$/, '')}/#@/resource${encodeURI(resourceId)}${below}`;
}
