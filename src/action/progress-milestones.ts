/** Which of very many batches have a line of their own. */

/** With more batches than this, beginnings and good ends have no lines of their own. */
const MOST_TOLD_BATCHES = 50;

/** Whether so many batches are told one by one. */
export const toldOneByOne = (batches: number): boolean => batches <= MOST_TOLD_BATCHES;

/**
 * Whether so many of all are worth a line: the first, powers of ten, about every tenth of all, and the last.
 * 10,000: 1, 10, 100, 1,000, 2,000 … 10,000.
 */
export function isMilestone(done: number, all: number): boolean {
  const power = (count: number): number => 10 ** Math.floor(Math.log10(count));
  const step = all === power(all) ? all / 10 : power(all);
  return done === all || done === power(done) || done % step === 0;
}
