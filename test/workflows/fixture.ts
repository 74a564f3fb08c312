import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunResult } from './result.ts';
import { runWorkflow } from './run-workflow.ts';
import type { RunOptions } from './run.ts';

/** Runs inline workflows in folders that are gone afterwards. */
export interface Bench {
  readonly folder: string;
  readonly run: (text: string, options?: Partial<RunOptions>) => Promise<RunResult>;
  /** Runs what stands under `jobs:`, by hand. */
  readonly jobs: (text: string, options?: Partial<RunOptions>) => Promise<RunResult>;
  readonly close: () => void;
}

const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, '  ');

/** Opens a folder for the runs of a test file. */
export function openBench(): Bench {
  const folder = mkdtempSync(join(tmpdir(), 'acr-transfer-workflows-'));
  let runs = 0;
  const run: Bench['run'] = (text, options = {}) => {
    runs += 1;
    return runWorkflow(
      { path: '.github/workflows/test.yml', text },
      { folder, runId: String(1000 + runs), ...options },
    );
  };
  return {
    folder,
    run,
    jobs: (text, options) => run(`on: workflow_dispatch\njobs:\n${indented(text)}`, options),
    close: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
