/** The middle one of several numbers: what a noisy machine says of itself when it is asked more than once. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? Number.NaN) + high) / 2;
}

/** Rounds to a number of digits after the point. */
export const round = (number: number, digits = 2): number => Number(number.toFixed(digits));

/** What a benchmark comes to: one flat JSON object. */
export type Figures = Readonly<Record<string, number | string | boolean>>;
