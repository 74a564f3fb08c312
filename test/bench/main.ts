/** `npm run bench -- NAME [--record]`: runs one benchmark. Fails if it exceeds its budget. */
import { command, runMeasurement, type Command } from '../measurement.ts';
import {
  judgeBatches,
  judgeHandoff,
  judgeHashing,
  judgeMakespan,
  judgeMemory,
  judgePlan,
  judgeStart,
  judgeSync,
} from './budgets.ts';

const BENCHES: Readonly<Record<string, Command>> = {
  start: command({
    measure: async () => (await import('./start.ts')).benchStart(),
    judge: judgeStart,
    describes: ['src', 'test/bench/start.ts'],
  }),
  makespan: command({
    measure: async () => (await import('./makespan.ts')).benchMakespan(),
    judge: judgeMakespan,
    describes: ['src', 'test/bench/makespan.ts'],
  }),
  memory: command({
    measure: async () => (await import('./memory.ts')).benchMemory(),
    judge: judgeMemory,
    describes: ['src', 'test/bench/memory.ts'],
  }),
  sync: command({
    measure: async () => (await import('./sync.ts')).benchSync(),
    judge: judgeSync,
    describes: ['src', 'test/bench/sync.ts', 'test/bench/registry-content.ts'],
  }),
  plan: command({
    measure: async () => (await import('./plan.ts')).benchPlan(),
    judge: judgePlan,
    describes: ['src', 'test/bench/plan.ts', 'test/bench/registry-content.ts'],
  }),
  batches: command({
    measure: async () => (await import('./batches.ts')).benchBatches(),
    judge: judgeBatches,
    describes: ['src/transfer/plan', 'test/bench/batches.ts'],
  }),
  hashing: command({
    measure: async () => (await import('./hashing.ts')).benchHashing(),
    judge: judgeHashing,
    describes: ['assembly', 'src/hashing', 'test/bench/hashing.ts'],
  }),
  handoff: command({
    measure: async (args) => (await import('./handoff.ts')).benchHandoff(args),
    judge: judgeHandoff,
    describes: ['src', 'test/bench/handoff.ts', 'test/bench/handoff'],
  }),
};

await runMeasurement('bench', BENCHES, process.argv.slice(2));
