import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStep, sandboxEnvironment, sideInputs } from '../e2e/runner.ts';
import { spawnSandbox } from '../sandbox/client.ts';
import { connectRegistry, image } from '../sandbox/content/index.ts';
import { round } from './measure.ts';

/** Duration of the k-th export, and of every import, seconds. */
const EXPORT_SECONDS = [24, 30, 21, 27, 33, 18, 25, 22];
const IMPORT_SECONDS = 20;
/** Concurrent runs on each side. Fewer than batches, so that they must be scheduled. */
const PARALLEL_RUNS = 4;

/** End times of tasks, if each one takes the slot that is free first. */
function schedule(tasks: readonly { readonly ready: number; readonly seconds: number }[], slots: number): number[] {
  const free = Array.from({ length: slots }, () => 0);
  return tasks.map(({ ready, seconds }) => {
    const slot = free.indexOf(Math.min(...free));
    const end = Math.max(free[slot] ?? 0, ready) + seconds;
    free[slot] = end;
    return end;
  });
}

/** The lower bound: every run starts as early as possible, without gaps. */
function idealSeconds(): number {
  const exported = schedule(
    EXPORT_SECONDS.map((seconds) => ({ ready: 0, seconds })),
    PARALLEL_RUNS,
  );
  const arrivals = exported.sort((a, b) => a - b).map((ready) => ({ ready, seconds: IMPORT_SECONDS }));
  return Math.max(...schedule(arrivals, PARALLEL_RUNS));
}

/** Eight batches with known durations, compared with the ideal pipelined schedule. */
export async function benchMakespan() {
  const folder = mkdtempSync(join(tmpdir(), 'acr-transfer-makespan-'));
  const sandbox = await spawnSandbox({ settings: { runs: { retryAfterSeconds: null } } });
  try {
    const { description } = sandbox;
    await sandbox.settings('source', { runs: { seconds: EXPORT_SECONDS } });
    await sandbox.settings('target', { runs: { seconds: [IMPORT_SECONDS] } });
    const client = await connectRegistry(description.source);
    for (const index of EXPORT_SECONDS.keys()) {
      await client.push('bench/makespan', await image({ seed: `makespan ${index}` }), `v${index}`);
    }
    client.close();
    await Promise.all([sandbox.resetRequests('source'), sandbox.resetRequests('target')]);
    const since = performance.now();
    const result = await runStep(
      {
        mode: 'full',
        artifacts: [...EXPORT_SECONDS.keys()].map((index) => `bench/makespan:v${index}`).join('\n'),
        'max-artifacts-per-run': '1',
        'max-parallel-runs': String(PARALLEL_RUNS),
        ...sideInputs('source', description),
        ...sideInputs('target', description),
      },
      { folder, env: sandboxEnvironment(description) },
    );
    const seconds = (performance.now() - since) / 1000;
    const [source, target] = await Promise.all([sandbox.requests('source'), sandbox.requests('target')]);
    const ideal = idealSeconds();
    return {
      status: result.outputs['status'] ?? '',
      batches: EXPORT_SECONDS.length,
      seconds: round(seconds),
      idealSeconds: ideal,
      ratioToIdeal: round(seconds / ideal, 3),
      armRequests: source.arm + target.arm,
    };
  } finally {
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Figures of the bench. */
export type MakespanFigures = Awaited<ReturnType<typeof benchMakespan>>;
