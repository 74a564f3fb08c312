/** Time limit of one request, its body included. */

/** No small request takes longer, its answer included; the clients set no limit of their own, and would wait for ever. */
export const REQUEST_SECONDS = 60;

/**
 * Does one try of a request within the time that it has. The clients' own limit ends with the headers of the answer; its
 * body may stop too.
 * @param given what else ends the request
 * @throws AbortError when the time is over; nobody else aborts these requests
 */
export async function withRequestTimeout<Result>(
  given: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const limit = new AbortController();
  const timer = setTimeout(() => {
    limit.abort();
  }, REQUEST_SECONDS * 1000);
  try {
    return await work(given === undefined ? limit.signal : AbortSignal.any([given, limit.signal]));
  } catch (error) {
    limit.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
