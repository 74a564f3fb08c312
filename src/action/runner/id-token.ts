/** GitHub's id-token for OIDC. */
import { setTimeout as wait } from 'node:timers/promises';
import { backoffSeconds, MAX_ATTEMPTS_UNREACHABLE } from '../../transfer/resilience/retry.ts';

/** Requests GitHub's id-token for an audience; null if the job has no `id-token: write`, or if it runs for a fork. */
export async function jobIdToken(audience: string): Promise<string | null> {
  if (!process.env['ACTIONS_ID_TOKEN_REQUEST_URL'] || !process.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']) return null;
  // Loaded on demand, because the module contains its own HTTP client.
  const { getIDToken } = await import('./request-id-token.ts');
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await getIDToken(audience);
    } catch (error) {
      // The error has no status, so every error is retried.
      if (attempt >= MAX_ATTEMPTS_UNREACHABLE) throw error;
      await wait(backoffSeconds(attempt) * 1000);
    }
  }
}
