/** GITHUB_TOKEN. The emulation of GitHub reads the permissions of the job from it. */
import type { Permissions } from './permissions.ts';

const PREFIX = 'ghs_';

/** A token for a job with these permissions. */
export const issueToken = (permissions: Permissions): string =>
  PREFIX + Buffer.from(JSON.stringify(permissions)).toString('base64url');

/** The permissions of a token; undefined if it is unknown. */
export function permissionsOf(token: string): Permissions | undefined {
  if (!token.startsWith(PREFIX)) return undefined;
  return JSON.parse(Buffer.from(token.slice(PREFIX.length), 'base64url').toString()) as Permissions;
}
