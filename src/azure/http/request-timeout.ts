/** Time limit of one request, its body included. */

/** Time limit of a small request, its response body included, in seconds. The SDK clients have no time limit of their own. */
export const REQUEST_SECONDS = 60;

/**
 * Runs one attempt of a request within the time limit. The limit includes the response body, because a body can stall too;
 * the HTTP client's own timeout ends with the response headers.
 * @param callerSignal also ends the request
 * @throws AbortError when the time limit is reached
 */
export async function withRequestTimeout<Result>(
  callerSignal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const limit = new AbortController();
  const timer = setTimeout(() => {
    limit.abort();
  }, REQUEST_SECONDS * 1000);
  try {
    return await work(callerSignal === undefined ? limit.signal : AbortSignal.any([callerSignal, limit.signal]));
  } catch (error) {
    limit.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
