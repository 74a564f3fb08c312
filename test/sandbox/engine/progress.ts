/**
 * Turns counts of bytes into whole percents, each reported once. 100 is left to the end of the run.
 * @param total bytes that are expected; some more may come
 */
export function percentOf(total: number, report: (percentage: number) => void): (bytes: number) => void {
  let last = 0;
  return (bytes) => {
    const percentage = Math.min(99, Math.floor((100 * bytes) / Math.max(total, 1)));
    if (percentage <= last) return;
    last = percentage;
    report(percentage);
  };
}
