/** `npm run bench -- NAME`: runs one benchmark; the last line is one JSON object. */
const BENCHES: Readonly<Record<string, (args: readonly string[]) => Promise<object>>> = {
  start: async () => (await import('./start.ts')).benchStart(),
  makespan: async () => (await import('./makespan.ts')).benchMakespan(),
  memory: async () => (await import('./memory.ts')).benchMemory(),
  sync: async () => (await import('./sync.ts')).benchSync(),
  plan: async () => (await import('./plan.ts')).benchPlan(),
  batches: async () => (await import('./batches.ts')).benchBatches(),
  hashing: async () => (await import('./hashing.ts')).benchHashing(),
  handoff: async (args) => (await import('./handoff.ts')).benchHandoff(args),
};

const name = process.argv[2] ?? '';
const bench = BENCHES[name];
if (bench === undefined) {
  console.error(`There is no bench "${name}". Name one of: ${Object.keys(BENCHES).join(', ')}`);
  process.exitCode = 2;
} else {
  console.log(JSON.stringify(await bench(process.argv.slice(3))));
}
