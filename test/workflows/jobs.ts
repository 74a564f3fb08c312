/** The jobs of a workflow: conditions, legs, and results. */
import pLimit from 'p-limit';
import { callWorkflow } from './called-workflow.ts';
import { takeTurn } from './concurrency.ts';
import { jobContexts, type Needed } from './contexts.ts';
import { evaluate, holds } from './evaluate.ts';
import { runGraph } from './graph.ts';
import { runJob } from './job.ts';
import { bareFacts, legFacts, legResult, legsFor, type Leg, type LegFacts } from './leg.ts';
import { readStrategy, type Strategy } from './matrix.ts';
import type { Job } from './model.ts';
import type { JobResult } from './result.ts';
import type { Frame } from './run.ts';
import { combined, jobFunctions, type Conclusion } from './status.ts';
import type { ValueObject } from './value.ts';

/** The result of a job: for the jobs that need it, and for each leg. */
export interface JobOutcome extends Needed {
  readonly jobs: readonly JobResult[];
  /** Whether any part of it has run in this attempt. */
  readonly ran: boolean;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const ended = (facts: LegFacts, conclusion: Conclusion, log = ''): readonly JobResult[] => [
  legResult(facts, conclusion, { log: log === '' ? '' : `##[error]${log}` }),
];

async function admitted({ frame }: Leg, { environment, id }: LegFacts): Promise<boolean> {
  if (environment === undefined) return true;
  return (await frame.run.options.approve?.({ environment, job: id })) ?? true;
}

/** The work of a leg, after its concurrency group is free. */
async function work(leg: Leg, facts: LegFacts): Promise<readonly JobResult[]> {
  const { frame, job, cancelled } = leg;
  if (cancelled.aborted) return ended(facts, 'cancelled');
  if (!(await admitted(leg, facts))) {
    return ended(facts, 'failure', `The deployment to ${facts.environment ?? ''} was rejected`);
  }
  if (job.call !== undefined) return callWorkflow(leg, facts, job.call, runJobs);
  return frame.run.runners(async () => (cancelled.aborted ? ended(facts, 'cancelled') : [await runJob(leg, facts)]));
}

/** Runs a leg. The first result is its own. The others are those of jobs in the workflow that it calls. */
async function runLeg(leg: Leg): Promise<readonly JobResult[]> {
  const { frame, job, matrix, cancelled } = leg;
  let facts = bareFacts(frame, job, matrix);
  const earlier = frame.earlier.get(facts.key);
  // Each job of a called workflow is checked by itself.
  if (earlier?.conclusion === 'success' && job.call === undefined) return [earlier];
  try {
    facts = legFacts(leg);
    const turn = await takeTurn(frame.run.turns, frame.held, facts.concurrency, job.id);
    if (typeof turn === 'string') return ended(facts, 'cancelled', turn);
    try {
      return await work({ ...leg, cancelled: AbortSignal.any([cancelled, turn.displaced]) }, facts);
    } finally {
      turn.leave();
    }
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

/** For jobs that need it, a failure with continue-on-error counts as a success (actions/runner#1161). */
const resultOf = ({ conclusion, continued }: JobResult): Conclusion => (continued ? 'success' : conclusion);

const hasRun = ({ earlier }: Frame, job: JobResult): boolean =>
  earlier.get(job.key) !== job && (job.steps.length > 0 || !['success', 'skipped'].includes(job.conclusion));

function outcomeOf(frame: Frame, legs: readonly (readonly JobResult[])[]): JobOutcome {
  const own = legs.flatMap(([first]) => (first === undefined ? [] : [first]));
  // An output that a leg doesn't set keeps the value of another leg. The last leg that sets it wins.
  const outputs = own.flatMap((leg) => Object.entries(leg.outputs).filter(([, value]) => value !== ''));
  const names = own.flatMap((leg) => Object.keys(leg.outputs).map((name) => [name, ''] as const));
  return {
    result: combined(own.map(resultOf)),
    outputs: Object.fromEntries([...names, ...outputs]),
    jobs: legs.flat(),
    ran: legs.flat().some((job) => hasRun(frame, job)),
  };
}

/** Runs the legs of a job whose condition is true. */
async function start(frame: Frame, job: Job, contexts: ValueObject): Promise<JobOutcome> {
  let strategy: Strategy;
  try {
    strategy = readStrategy(job.strategy === undefined ? null : evaluate(job.strategy, { contexts }));
  } catch (error) {
    const message = `Error when evaluating 'strategy' for job '${job.id}'. ${frame.workflow.path} ${messageOf(error)}`;
    return outcomeOf(frame, [ended(bareFacts(frame, job), 'failure', message)]);
  }
  const stop = new AbortController();
  // A job that runs in a canceled run isn't canceled again.
  const spared = frame.cancelled.aborted && ALL_THE_SAME.test(job.condition);
  const cancelled = AbortSignal.any([stop.signal, ...(spared ? [] : [frame.cancelled])]);
  return outcomeOf(frame, await runLegs(legsFor(frame, job, { contexts }, strategy, cancelled), strategy, stop));
}

const ALL_THE_SAME = /\b(?:always|cancelled)\s*\(/i;

/** Runs a job, or skips it. */
async function judge(frame: Frame, job: Job, ancestors: ReadonlyMap<string, JobOutcome>): Promise<JobOutcome> {
  const contexts = jobContexts(frame, job, ancestors);
  const results = new Map([...ancestors].map(([id, { result }]) => [id, result]));
  try {
    if (holds(job.condition, { contexts, functions: jobFunctions(results, frame.cancelled.aborted) })) {
      // A job that needs a repeated job is repeated too.
      const fresh = [...ancestors.values()].some(({ ran }) => ran);
      return await start(fresh ? { ...frame, earlier: new Map() } : frame, job, contexts);
    }
    return outcomeOf(frame, [ended(bareFacts(frame, job), 'skipped')]);
  } catch (error) {
    const message = `Error when evaluating 'if' for job '${job.id}'. ${frame.workflow.path} ${messageOf(error)}`;
    return outcomeOf(frame, [ended(bareFacts(frame, job), 'failure', message)]);
  }
}

/** Runs all jobs of a workflow. The results have the order of the file. */
export const runJobs = (frame: Frame): Promise<ReadonlyMap<string, JobOutcome>> =>
  runGraph(frame.workflow.jobs, (job, ancestors: ReadonlyMap<string, JobOutcome>) => judge(frame, job, ancestors));
