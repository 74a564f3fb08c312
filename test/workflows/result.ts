/** Results of a run. */
import type { Permissions } from './permissions.ts';
import type { Conclusion } from './status.ts';
import type { ValueObject } from './value.ts';

/** Outputs of a step, a job or a workflow. */
export type Outputs = Readonly<Record<string, string>>;

/** The result of a step. */
export interface StepResult {
  readonly id: string | undefined;
  readonly name: string;
  /** Before `continue-on-error`. */
  readonly outcome: Conclusion;
  /** After it. */
  readonly conclusion: Conclusion;
  readonly outputs: Outputs;
  readonly log: string;
  readonly summary: string;
}

/** A concurrency group of runs or jobs. */
export interface Concurrency {
  readonly group: string;
  readonly cancelInProgress: boolean;
  /** Any number can be pending. Otherwise, only the newest one is. */
  readonly keepsPending: boolean;
}

/** The result of one leg of a job, or of a job that calls a workflow. */
export interface JobResult {
  /** Identifies a leg among all legs of all jobs, in each attempt of the run. */
  readonly key: string;
  /** The ID of the job. If its workflow was called, the IDs of the calling jobs come first: `transfer / plan`. */
  readonly id: string;
  /** As it is displayed. */
  readonly name: string;
  readonly conclusion: Conclusion;
  readonly outputs: Outputs;
  readonly matrix: ValueObject | null;
  readonly permissions: Permissions;
  /** `owner/name/path` of the workflow that it calls; undefined if it has steps. */
  readonly calls: string | undefined;
  readonly runsOn: string;
  readonly environment: string | undefined;
  readonly concurrency: Concurrency | undefined;
  readonly timeoutMinutes: number | undefined;
  /** Failed with continue-on-error. */
  readonly continued: boolean;
  readonly steps: readonly StepResult[];
  readonly log: string;
  readonly summary: string;
}

/** The result of a run. */
export interface RunResult {
  /** `startup_failure`: GitHub rejects the workflow, `errors` has its reasons, and nothing has run. */
  readonly conclusion: Conclusion | 'startup_failure';
  readonly errors: readonly string[];
  /** All legs of all jobs, those of called workflows included, in the order of the files. */
  readonly jobs: readonly JobResult[];
  readonly concurrency: Concurrency | undefined;
}

/**
 * The legs of a job.
 * @param id as in `JobResult`
 */
export const legsOf = ({ jobs }: RunResult, id: string): readonly JobResult[] => jobs.filter((job) => job.id === id);

/**
 * The leg of a job without a matrix.
 * @throws an error with all legs, if there isn't exactly one
 */
export function jobOf(run: RunResult, id: string): JobResult {
  const [job, ...others] = legsOf(run, id);
  if (job !== undefined && others.length === 0) return job;
  const found = run.jobs.map((each) => `${each.id}: ${each.conclusion}`);
  throw new Error([`${others.length === 0 ? 'no' : 'more than one'} job ${id}`, ...run.errors, ...found].join('\n'));
}

/** Conclusions by job, one for each leg. */
export const conclusionsOf = ({ jobs }: RunResult): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(Object.groupBy(jobs, ({ id }) => id)).map(([id, legs = []]) => [
      id,
      legs.map(({ conclusion }) => conclusion).join(', '),
    ]),
  );

/** The errors of the start and the failed jobs, with their logs, as a message. */
export const failuresOf = ({ errors, jobs }: RunResult): readonly string[] => [
  ...errors,
  ...jobs
    .filter(({ conclusion }) => conclusion === 'failure' || conclusion === 'cancelled')
    .map(({ name, conclusion, log }) => `${name}: ${conclusion}\n${log}`),
];
