/** One leg of a job: the facts that are known before it runs. */
import { evaluate, evaluateText, type Scope } from './evaluate.ts';
import { legLabel, type Strategy } from './matrix.ts';
import type { Job } from './model.ts';
import { granted } from './permissions.ts';
import type { Concurrency, JobResult } from './result.ts';
import { fullId, fullName, keyOf, type Frame } from './run.ts';
import type { Conclusion } from './status.ts';
import type { Template } from './template.ts';
import { isObject, textOf, type ValueObject } from './value.ts';

/** A leg to run. */
export interface Leg {
  readonly frame: Frame;
  readonly job: Job;
  readonly matrix: ValueObject | null;
  /** Contexts, with `strategy` and `matrix`. */
  readonly scope: Scope;
  readonly cancelled: AbortSignal;
}

/** The facts of a leg before it runs. */
export type LegFacts = Omit<JobResult, 'conclusion' | 'outputs' | 'steps' | 'log' | 'summary' | 'continued'> & {
  readonly continueOnError: boolean;
};

/** The legs of a job, each with its contexts. */
export function legsFor(
  frame: Frame,
  job: Job,
  scope: Scope,
  strategy: Strategy,
  cancelled: AbortSignal,
): readonly Leg[] {
  const { legs, failFast, maxParallel } = strategy;
  return legs.map((matrix, index) => ({
    frame,
    job,
    matrix,
    cancelled,
    scope: {
      contexts: {
        ...scope.contexts,
        matrix,
        strategy: {
          'fail-fast': failFast,
          'job-index': index,
          'job-total': legs.length,
          'max-parallel': maxParallel === Infinity ? legs.length : maxParallel,
        },
      },
    },
  }));
}

/** Parses `concurrency:`, a name or a mapping. */
export function readConcurrency(token: Template | undefined, scope: Scope): Concurrency | undefined {
  if (token === undefined) return undefined;
  const value = evaluate(token, scope);
  const { group, queue, 'cancel-in-progress': cancel } = isObject(value) ? value : { group: value };
  return { group: textOf(group ?? null), cancelInProgress: cancel === true, keepsPending: queue === 'max' };
}

function readEnvironment(token: Template | undefined, scope: Scope): string | undefined {
  if (token === undefined) return undefined;
  const value = evaluate(token, scope);
  const name = textOf((isObject(value) ? value['name'] : value) ?? null);
  // An expression with an empty result means no environment.
  return name === '' ? undefined : name;
}

function readMinutes(token: Template | undefined, scope: Scope): number | undefined {
  if (token === undefined) return undefined;
  const minutes = evaluate(token, scope);
  if (typeof minutes === 'number') return minutes;
  throw new Error(`timeout-minutes: Unexpected type of value '${textOf(minutes)}', expected type: Number.`);
}

/** The facts of a leg that need no expression, for skipped legs and for those that fail before. */
export const bareFacts = (frame: Frame, job: Job, matrix: ValueObject | null = null): LegFacts => ({
  key: keyOf(frame, job.id, matrix),
  id: fullId(frame, job.id),
  name: fullName(frame, `${job.id}${legLabel(matrix)}`),
  matrix,
  permissions: granted(frame.allowed, frame.workflow.permissions, job.permissions),
  calls: job.call && `${job.call.workflow.repository}/${job.call.workflow.path}`,
  runsOn: '',
  environment: undefined,
  concurrency: undefined,
  timeoutMinutes: undefined,
  continueOnError: false,
});

/** @throws if an expression fails */
export function legFacts({ frame, job, matrix, scope }: Leg): LegFacts {
  const bare = bareFacts(frame, job, matrix);
  const name = evaluateText(job.name, scope);
  const runsOn = job.runsOn && evaluate(job.runsOn, scope);
  return {
    ...bare,
    name: name === '' ? bare.name : fullName(frame, name),
    runsOn: typeof runsOn === 'string' ? runsOn : JSON.stringify(runsOn ?? ''),
    environment: readEnvironment(job.environment, scope),
    concurrency: readConcurrency(job.concurrency, scope),
    timeoutMinutes: readMinutes(job.timeoutMinutes, scope),
    continueOnError: job.continueOnError !== undefined && evaluate(job.continueOnError, scope) === true,
  };
}

/** The result of a leg. */
export function legResult(
  { continueOnError, ...facts }: LegFacts,
  conclusion: Conclusion,
  told: Partial<Pick<JobResult, 'outputs' | 'steps' | 'log' | 'summary'>> = {},
): JobResult {
  const continued = continueOnError && conclusion === 'failure';
  return { ...facts, conclusion, continued, outputs: {}, steps: [], log: '', summary: '', ...told };
}
