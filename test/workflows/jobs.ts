/** The jobs of a workflow: conditions, legs, and what they come to. */
import pLimit from 'p-limit';
import { callWorkflow } from './called-workflow.ts';
import { jobContexts, type Needed } from './contexts.ts';
import { evaluate, holds } from './evaluate.ts';
import { runGraph } from './graph.ts';
import { bareFacts, legFacts, legResult, legsFor, runSteps, type Leg, type LegFacts } from './leg.ts';
import { readStrategy, type Strategy } from './matrix.ts';
import type { Job } from './model.ts';
import type { JobResult } from './result.ts';
import type { Frame } from './run.ts';
import { combined, jobFunctions, type Conclusion } from './status.ts';

/** What came of a job: for those that need it, and leg by leg. */
export interface JobOutcome extends Needed {
  readonly jobs: readonly JobResult[];
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const ended = (facts: LegFacts, conclusion: Conclusion, log = ''): readonly JobResult[] => [
  legResult(facts, conclusion, { log: log === '' ? '' : `##[error]${log}` }),
];

/** A group that somebody around the job is in can never become free: GitHub cancels such a job. */
function deadlock({ frame, job }: Leg, { concurrency }: LegFacts): string | undefined {
  const holder = concurrency && frame.held.get(concurrency.group);
  if (concurrency === undefined || holder === undefined) return undefined;
  return `Canceling since a deadlock for concurrency group '${concurrency.group}' was detected between '${holder}' and '${job.id}'`;
}

async function admitted({ frame }: Leg, { environment, id }: LegFacts): Promise<boolean> {
  if (environment === undefined) return true;
  return (await frame.run.options.approve?.({ environment, job: id })) ?? true;
}

/** Runs a leg; the first result is its own, others are those of jobs of the workflow that it calls. */
async function runLeg(leg: Leg): Promise<readonly JobResult[]> {
  const { frame, job, matrix, cancelled } = leg;
  let facts = bareFacts(frame, job, matrix);
  try {
    facts = legFacts(leg);
    const locked = deadlock(leg, facts);
    if (locked !== undefined) return ended(facts, 'cancelled', locked);
    if (cancelled.aborted) return ended(facts, 'cancelled');
    if (!(await admitted(leg, facts))) {
      return ended(facts, 'failure', `The deployment to ${facts.environment ?? ''} was rejected`);
    }
    if (job.call !== undefined) return await callWorkflow(leg, facts, job.call, runJobs);
    const known = facts;
    return await frame.run.runners(async () =>
      cancelled.aborted ? ended(known, 'cancelled') : [await runSteps(leg, known)],
    );
  } catch (error) {
    return ended(facts, 'failure', messageOf(error));
  }
}

async function runLegs(legs: readonly Leg[], { failFast, maxParallel }: Strategy, stop: AbortController) {
  const limit = pLimit(maxParallel);
  return Promise.all(
    legs.map((leg) =>
      limit(async () => {
        const results = await runLeg(leg);
        const [own] = results;
        if (failFast && own?.conclusion === 'failure' && !own.continued) stop.abort();
        return results;
      }),
    ),
  );
}

/** For those that need a job, a failure that it was to go on after is none (actions/runner#1161). */
const resultOf = ({ conclusion, continued }: JobResult): Conclusion => (continued ? 'success' : conclusion);

function outcomeOf(legs: readonly (readonly JobResult[])[]): JobOutcome {
  const own = legs.flatMap(([first]) => (first === undefined ? [] : [first]));
  // What a leg does not say, it does not take away from another; of those that say something the last one counts.
  const outputs = own.flatMap((leg) => Object.entries(leg.outputs).filter(([, value]) => value !== ''));
  const names = own.flatMap((leg) => Object.keys(leg.outputs).map((name) => [name, ''] as const));
  return {
    result: combined(own.map(resultOf)),
    outputs: Object.fromEntries([...names, ...outputs]),
    jobs: legs.flat(),
  };
}

async function runJob(frame: Frame, job: Job, ancestors: ReadonlyMap<string, JobOutcome>): Promise<JobOutcome> {
  const facts = bareFacts(frame, job);
  const contexts = jobContexts(frame, job, ancestors);
  const results = new Map([...ancestors].map(([id, { result }]) => [id, result]));
  const condition = { contexts, functions: jobFunctions(results, frame.cancelled.aborted) };
  try {
    if (!holds(job.condition, condition)) return outcomeOf([ended(facts, 'skipped')]);
    const strategy = readStrategy(job.strategy === undefined ? null : evaluate(job.strategy, { contexts }));
    const stop = new AbortController();
    const wanted = /\b(?:always|cancelled)\s*\(/i.test(job.condition) && frame.cancelled.aborted;
    const cancelled = AbortSignal.any([stop.signal, ...(wanted ? [] : [frame.cancelled])]);
    return outcomeOf(await runLegs(legsFor(frame, job, { contexts }, strategy, cancelled), strategy, stop));
  } catch (error) {
    const message = `Error when evaluating 'strategy' or 'if' for job '${job.id}'. ${messageOf(error)}`;
    return outcomeOf([ended(facts, 'failure', message)]);
  }
}

/** Runs all jobs of a workflow; the results are in the order of the file. */
export const runJobs = (frame: Frame): Promise<ReadonlyMap<string, JobOutcome>> =>
  runGraph(frame.workflow.jobs, (job, ancestors: ReadonlyMap<string, JobOutcome>) => runJob(frame, job, ancestors));
