/**
 * Converts byte counts to whole percentages. Each one is reported once. 100 is reported at the end of the run.
 * @param total expected bytes; the actual number can be a little higher
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
