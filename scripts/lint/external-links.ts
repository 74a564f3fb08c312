/** Findings from the responses of other sites. */

/** A link to another site, as the checker found it. */
export interface ExternalLink {
  readonly url: string;
  /** HTTP status; 0 or absent if there was no response. */
  readonly status?: number;
  /** Page that contains the link. */
  readonly parent?: string;
}

/** Statuses of missing pages. Other refusals, such as 403 and 429, are about the client and not about the page. */
const GONE: readonly number[] = [404, 410];

const hasResponse = ({ status }: ExternalLink): boolean => status !== undefined && status > 0;

/**
 * Lists the findings about links to other sites, one sentence each.
 * Without any response, no link was checked, and that is the only finding.
 */
export function externalLinkFindings(links: readonly ExternalLink[]): readonly string[] {
  if (links.length === 0) return ['no link to another site was found, so none was checked'];
  if (!links.some(hasResponse))
    return [`none of ${links.length} links got a response: this machine has no access to other sites`];
  return links.flatMap((link) => {
    const where = `${link.parent ?? 'a page'}: ${link.url}`;
    if (!hasResponse(link)) return [`${where} got no response`];
    return GONE.includes(link.status ?? 0) ? [`${where} doesn't exist (HTTP ${link.status})`] : [];
  });
}
