import * as core from '@actions/core';

/** GitHub's id-token for an audience; null when the job has no `id-token: write`, or comes from a fork. */
export async function jobIdToken(audience: string): Promise<string | null> {
  if (!process.env['ACTIONS_ID_TOKEN_REQUEST_URL'] || !process.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']) return null;
  return core.getIDToken(audience);
}
