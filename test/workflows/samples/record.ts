/** Records for `npm run show -- workflows`: each run is a line of JSON in a file that the environment names. */
import { appendFileSync } from 'node:fs';
import type { RunResult } from '../result.ts';

/** The variable that names the file. Without it, nothing is written. */
export const RECORD_VARIABLE = 'ACR_TRANSFER_WORKFLOW_RUNS';

/** One run of a workflow. */
export interface RunRecord {
  /** The full name of its test. */
  readonly story: string;
  /** The workflow: `release.yml`, `air-gap/near-side.yml`, `README.md:71`. */
  readonly name: string;
  /** `owner/name/path` of the called workflows with a job that has run. */
  readonly calls: readonly string[];
  /** Number of legs that have run. Skipped jobs and jobs that call a workflow don't count. */
  readonly jobs: number;
  readonly conclusion: RunResult['conclusion'];
  readonly seconds: number;
}

/** Records a run if recording is enabled. */
export function recordRun(story: string, name: string, { conclusion, jobs }: RunResult, seconds: number): void {
  const path = process.env[RECORD_VARIABLE] ?? '';
  if (path === '') return;
  const ran = jobs.filter((job) => job.conclusion !== 'skipped');
  const record: RunRecord = {
    story,
    name,
    calls: [...new Set(ran.flatMap(({ calls }) => calls ?? []))],
    jobs: ran.filter(({ steps }) => steps.length > 0).length,
    conclusion,
    seconds: Math.round(seconds * 10) / 10,
  };
  appendFileSync(path, `${JSON.stringify(record)}\n`);
}
