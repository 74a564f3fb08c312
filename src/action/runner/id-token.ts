import { setTimeout as wait } from 'node:timers/promises';
import { backoffSeconds, MAX_ATTEMPTS_UNREACHABLE } from '../../transfer/resilience/retry.ts';

/** GitHub's id-token for an audience; null when the job has no `id-token: write`, or comes from a fork. */
export async function jobIdToken(audience: string): Promise<string | null> {
  if (!process.env['ACTIONS_ID_TOKEN_REQUEST_URL'] || !process.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']) return null;
  // It brings an HTTP client of its own along, for which nobody else should wait.
  const { getIDToken } = await import('./request-id-token.ts');
  for (let tries = 1; ; tries += 1) {
    try {
      return await getIDToken(audience);
    } catch (error) {
      // It tells no status: whatever it was, the service has answered the next request before.
      if (tries >= MAX_ATTEMPTS_UNREACHABLE) throw error;
      await wait(backoffSeconds(tries) * 1000);
    }
  }
}
