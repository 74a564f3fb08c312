/** How often, and after which waits, anything is tried again: the one place for all services. */

/** Tries of one request. With the waits in between that is half a minute to a minute of trouble, and more when the service asks for it. */
export const MOST_TRIES = 10;

/** A name that does not resolve, or a port that nobody listens on, seldom changes by waiting. */
export const FEW_TRIES = 5;

/** Time that tries and the waits between them may take, without the waits that the service asks for. Seconds. */
export const PATIENCE_SECONDS = 120;

/**
 * Seconds to wait after so many tries: half a second and doubled, up to ten; spread, so that requests that broke together
 * do not come back together.
 */
export const backoffSeconds = (tries: number): number => Math.min(10, 2 ** (tries - 2)) * (0.5 + Math.random() / 2);
