/** GitHub's id-token for OIDC. */
import { systemClock } from '../../transfer/ports/clock.ts';
import { backoffSeconds, MAX_ATTEMPTS_UNREACHABLE, retry } from '../../transfer/resilience/retry.ts';

/** Requests GitHub's id-token for an audience; null if the job has no `id-token: write`, or if it runs for a fork. */
export async function jobIdToken(audience: string): Promise<string | null> {
  if (!process.env['ACTIONS_ID_TOKEN_REQUEST_URL'] || !process.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']) return null;
  // Loaded on demand, because the module contains its own HTTP client.
  const { getIDToken } = await import('./request-id-token.ts');
  return retry(() => getIDToken(audience), {
    clock: systemClock,
    signal: new AbortController().signal,
    // The error has no status, so every error is retried.
    delaySeconds: ({ ok }, attempts) => (ok || attempts >= MAX_ATTEMPTS_UNREACHABLE ? null : backoffSeconds(attempts)),
  });
}
