import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSandbox, type SandboxHandle } from '../sandbox/client.ts';
import type { SettingsPatch } from '../sandbox/settings.ts';

/** The median of several numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? Number.NaN) + high) / 2;
}

/** Rounds to a number of decimal places. */
export const round = (number: number, digits = 2): number => Number(number.toFixed(digits));

/** Runs a benchmark in its own sandbox, and removes it. */
export async function inSandbox<Figures>(
  settings: SettingsPatch,
  bench: (sandbox: SandboxHandle, folder: string) => Promise<Figures>,
): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'acr-transfer-bench-'));
  const sandbox = await spawnSandbox({ settings });
  try {
    return await bench(sandbox, folder);
  } finally {
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
