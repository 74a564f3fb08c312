import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { definition, stepEnvironment } from '../e2e/runner.ts';
import { median, round } from './measure.ts';

const REPEATS = 15;
const ROOT = join(import.meta.dirname, '..', '..');
const PIPELINE =
  '/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/bench/exportPipelines/bench';

/** A step with valid inputs for a cloud that doesn't exist. It ends after its first log lines. */
const INPUTS = {
  mode: 'export',
  artifacts: 'team/api:v1',
  'export-pipeline': PIPELINE,
  'source-cloud': 'https://127.0.0.1:9',
};

/** Milliseconds from the start of the process to the first byte on its standard output. Rejects if it ends without output. */
export function firstLine(args: readonly string[], env: Record<string, string>): Promise<number> {
  const since = performance.now();
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      reject(new Error(`node ${args.join(' ')} ended with ${code ?? 'a signal'}, and has printed nothing`));
    });
    child.stdout.once('data', () => {
      resolve(performance.now() - since);
      child.kill('SIGKILL');
    });
  });
}

const bundleBytes = (): number => {
  const dist = join(ROOT, 'dist');
  const scripts = readdirSync(dist).filter((file) => file.endsWith('.js'));
  return scripts.reduce((sum, file) => sum + statSync(join(dist, file)).size, 0);
};

/** Time to the action's first output, compared with a process that only prints. Both alternate, so that noise affects both. */
export async function benchStart() {
  const folder = mkdtempSync(join(tmpdir(), 'acr-transfer-start-'));
  const env = stepEnvironment(INPUTS, { folder });
  const ours: number[] = [];
  const bare: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    ours.push(await firstLine([join(ROOT, definition.runs.main)], env));
    bare.push(await firstLine(['-e', 'console.log(1)'], env));
  }
  rmSync(folder, { recursive: true, force: true });
  return {
    medianMs: round(median(ours), 1),
    bareNodeMs: round(median(bare), 1),
    ratioToBareNode: round(median(ours) / median(bare)),
    bundleBytes: bundleBytes(),
    repeats: REPEATS,
  };
}

/** Figures of the bench. */
export type StartFigures = Awaited<ReturnType<typeof benchStart>>;
