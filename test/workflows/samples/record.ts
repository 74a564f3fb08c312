/** What `npm run show -- workflows` counts: each run is a line of JSON in a file that the environment names. */
import { appendFileSync } from 'node:fs';
import type { RunResult } from '../result.ts';

/** The variable that names the file; without it nothing is written. */
export const RECORD_VARIABLE = 'ACR_TRANSFER_WORKFLOW_RUNS';

/** One run of a workflow. */
export interface RunRecord {
  /** The test that it was part of, in full. */
  readonly story: string;
  /** What was run: `release.yml`, `air-gap/near-side.yml`, `README.md:71`. */
  readonly name: string;
  /** `owner/name/path` of the called workflows with a job that has run. */
  readonly calls: readonly string[];
  /** Jobs that have run, legs one by one; those that were skipped, and those that call a workflow, do not count. */
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
