/** A job with steps. */
import { evaluateTexts, type Scope } from './evaluate.ts';
import { legResult, type Leg, type LegFacts } from './leg.ts';
import { createMachine } from './machine.ts';
import type { JobResult, StepResult } from './result.ts';
import type { Frame } from './run.ts';
import { runPost } from './step-post.ts';
import { runStep, type JobState } from './step.ts';
import { issueToken } from './token.ts';
import type { ValueObject } from './value.ts';

/** Variables and secrets of an environment have precedence over those of the repository. The job has its own token. */
function ownContexts({ contexts }: Scope, { run }: Frame, { environment, permissions }: LegFacts): ValueObject {
  const { vars = {}, secrets = {} } = run.options.environments?.[environment ?? ''] ?? {};
  const token = issueToken(permissions);
  run.masks.add(token);
  return {
    ...contexts,
    github: { ...(contexts['github'] as ValueObject), token },
    vars: { ...run.options.vars, ...vars },
    secrets: { ...(contexts['secrets'] as ValueObject), ...secrets, GITHUB_TOKEN: token },
  };
}

function openJob(leg: Leg, facts: LegFacts): JobState {
  const { frame, job, scope, cancelled } = leg;
  const { run, workflow } = frame;
  const contexts = ownContexts(scope, frame, facts);
  const machine = createMachine(run, contexts['github'] as ValueObject, facts);
  const env = {
    ...evaluateTexts(workflow.env, { contexts }),
    ...evaluateTexts(job.env, { contexts }),
  };
  return {
    run,
    machine,
    permissions: facts.permissions,
    defaults: [job.defaults, workflow.defaults],
    contexts,
    cancelled,
    onLine: (line) => run.options.onLine?.(line, facts.name),
    status: 'success',
    env,
    paths: [],
    steps: {},
    posts: [],
  };
}

/** An output with a secret isn't passed on. */
function jobOutputs(
  { job }: Leg,
  state: JobState,
): { readonly outputs: Record<string, string>; readonly log: string[] } {
  const { contexts, env, steps, machine, run, status } = state;
  const scope = { contexts: { ...contexts, env, steps, runner: machine.runner, job: { status } } };
  const log: string[] = [];
  const kept = Object.entries(evaluateTexts(job.outputs, scope)).filter(([name, value]) => {
    if (!run.masks.found(value)) return true;
    log.push(`##[warning]Skip output '${name}' since it may contain secret.`);
    return false;
  });
  return { outputs: Object.fromEntries(kept), log };
}

/** Runs the steps of a leg on its own machine. */
export async function runJob(leg: Leg, facts: LegFacts): Promise<JobResult> {
  const state = openJob(leg, facts);
  const steps: StepResult[] = [];
  for (const [index, step] of leg.job.steps.entries()) steps.push(await runStep(state, step, index));
  for (const [index, post] of state.posts.entries()) steps.push(await runPost(state, post, index));
  const { outputs, log } = jobOutputs(leg, state);
  return legResult(facts, leg.cancelled.aborted ? 'cancelled' : state.status, {
    outputs,
    steps,
    log: [...steps.map(({ name, log: text }) => `=== ${name}\n${text}`), ...log].join('\n'),
    summary: steps
      .map(({ summary }) => summary)
      .filter((text) => text !== '')
      .join('\n'),
  });
}
