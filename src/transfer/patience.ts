/** Waits between tries. */

/**
 * Seconds to wait after so many tries: half a second and doubled, up to ten; spread, so that requests that broke together
 * do not come back together.
 */
export const backoffSeconds = (tries: number): number => Math.min(10, 2 ** (tries - 2)) * (0.5 + Math.random() / 2);
