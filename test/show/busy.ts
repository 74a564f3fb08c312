/** Keeps one processor busy. Forked by `load.ts` with an IPC channel, and ends with it, however the parent ends. */

/** Short, so that the end of the channel is noticed. */
const SLICE_MILLISECONDS = 50;

function work(): void {
  const end = performance.now() + SLICE_MILLISECONDS;
  while (performance.now() < end);
  setImmediate(work);
}

process.on('disconnect', () => process.exit());
process.send?.('busy');
work();
