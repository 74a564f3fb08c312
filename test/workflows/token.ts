/** GITHUB_TOKEN: what stands in for GitHub can tell from it what the job may do. */
import type { Permissions } from './permissions.ts';

const PREFIX = 'ghs_';

/** A token for a job with these permissions. */
export const issueToken = (permissions: Permissions): string =>
  PREFIX + Buffer.from(JSON.stringify(permissions)).toString('base64url');

/** What a token may do; undefined when it is none of ours. */
export function permissionsOf(token: string): Permissions | undefined {
  if (!token.startsWith(PREFIX)) return undefined;
  return JSON.parse(Buffer.from(token.slice(PREFIX.length), 'base64url').toString()) as Permissions;
}
