/** What came of a run. */
import type { Permissions } from './permissions.ts';
import type { Conclusion } from './status.ts';
import type { ValueObject } from './value.ts';

/** Outputs of a step, a job or a workflow. */
export type Outputs = Readonly<Record<string, string>>;

/** What came of a step. */
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

/** A group that runs or jobs take turns in. */
export interface Concurrency {
  readonly group: string;
  readonly cancelInProgress: boolean;
  /** Lets any number wait, where otherwise the newest alone does. */
  readonly keepsPending: boolean;
}

/** What came of one leg of a job, or of a job that calls a workflow. */
export interface JobResult {
  /** Tells it from every other leg of every other job, in each attempt of the run. */
  readonly key: string;
  /** The id of the job; behind those of the calling jobs when its workflow was called: `transfer / plan`. */
  readonly id: string;
  /** As it is displayed. */
  readonly name: string;
  readonly conclusion: Conclusion;
  readonly outputs: Outputs;
  readonly matrix: ValueObject | null;
  readonly permissions: Permissions;
  /** `owner/name/path` of the workflow that it calls; undefined when it has steps. */
  readonly calls: string | undefined;
  readonly runsOn: string;
  readonly environment: string | undefined;
  readonly concurrency: Concurrency | undefined;
  readonly timeoutMinutes: number | undefined;
  /** Failed, and the run goes on as if it had not. */
  readonly continued: boolean;
  readonly steps: readonly StepResult[];
  readonly log: string;
  readonly summary: string;
}

/** What came of a run. */
export interface RunResult {
  /** `startup_failure`: GitHub would have refused it, `errors` say why, and nothing has run. */
  readonly conclusion: Conclusion | 'startup_failure';
  readonly errors: readonly string[];
  /** Every leg of every job, those of called workflows too, in the order of the files. */
  readonly jobs: readonly JobResult[];
  readonly concurrency: Concurrency | undefined;
}

/**
 * The legs of a job.
 * @param id as in `JobResult`
 */
export const legsOf = ({ jobs }: RunResult, id: string): readonly JobResult[] => jobs.filter((job) => job.id === id);

/**
 * The one leg of a job without a matrix.
 * @throws when there is none, or more than one, with all that there are
 */
export function jobOf(run: RunResult, id: string): JobResult {
  const [job, ...others] = legsOf(run, id);
  if (job !== undefined && others.length === 0) return job;
  const found = run.jobs.map((each) => `${each.id}: ${each.conclusion}`);
  throw new Error([`${others.length === 0 ? 'no' : 'more than one'} job ${id}`, ...run.errors, ...found].join('\n'));
}

/** Conclusions by job, for a glance: of legs, that of each. */
export const conclusionsOf = ({ jobs }: RunResult): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(Object.groupBy(jobs, ({ id }) => id)).map(([id, legs = []]) => [
      id,
      legs.map(({ conclusion }) => conclusion).join(', '),
    ]),
  );

/** What went wrong, with its log, for a message that can be read: errors of the start, and jobs that are red. */
export const failuresOf = ({ errors, jobs }: RunResult): readonly string[] => [
  ...errors,
  ...jobs
    .filter(({ conclusion }) => conclusion === 'failure' || conclusion === 'cancelled')
    .map(({ name, conclusion, log }) => `${name}: ${conclusion}\n${log}`),
];
