/** Jobs that call a reusable workflow. */
import { holding, takeTurn } from './concurrency.ts';
import { workflowContexts } from './contexts.ts';
import { evaluateText, evaluateTexts } from './evaluate.ts';
import { callInputs } from './inputs.ts';
import type { JobOutcome } from './jobs.ts';
import { legResult, readConcurrency, type Leg, type LegFacts } from './leg.ts';
import type { Call } from './model.ts';
import type { JobResult } from './result.ts';
import type { Frame, Named } from './run.ts';
import { combined } from './status.ts';
import type { ValueObject } from './value.ts';

/** A called workflow has only the secrets that it gets. Each of its jobs has its own token. */
function callSecrets({ frame, scope }: Leg, { secrets }: Call): Named {
  if (secrets === 'inherit') return frame.secrets;
  return evaluateTexts(secrets, scope);
}

function calledFrame(leg: Leg, facts: LegFacts, call: Call): Frame {
  const { frame, job, scope, cancelled } = leg;
  const secrets = callSecrets(leg, call);
  const called = { ...frame, workflow: call.workflow, secrets, inputs: {} };
  const inputs = callInputs(call.workflow.call.inputs, call.inputs, scope, { contexts: workflowContexts(called) });
  return {
    ...called,
    inputs,
    allowed: facts.permissions,
    callers: [...frame.callers, { id: job.id, name: facts.name, matrix: leg.matrix }],
    held: holding(frame.held, facts.concurrency, job.id),
    cancelled,
  };
}

function callOutputs(frame: Frame, outcomes: ReadonlyMap<string, JobOutcome>): Record<string, string> {
  const jobs: ValueObject = Object.fromEntries(
    [...outcomes].map(([id, { result, outputs }]) => [id, { result, outputs }]),
  );
  const scope = { contexts: { ...workflowContexts(frame), jobs } };
  return Object.fromEntries(frame.workflow.call.outputs.map(([name, value]) => [name, evaluateText(value, scope)]));
}

/**
 * Runs the workflow that a leg calls. The first result is that of the leg. Those of the workflow's jobs follow.
 * @param runJobs is a parameter, because jobs call workflows, and workflows have jobs
 * @throws if an input doesn't have the type that the workflow declares
 */
export async function callWorkflow(
  leg: Leg,
  facts: LegFacts,
  call: Call,
  runJobs: (frame: Frame) => Promise<ReadonlyMap<string, JobOutcome>>,
): Promise<readonly JobResult[]> {
  const frame = calledFrame(leg, facts, call);
  const { run, held, cancelled } = frame;
  const concurrency = readConcurrency(call.workflow.concurrency, { contexts: workflowContexts(frame) });
  const turn = await takeTurn(run.turns, held, concurrency, leg.job.id);
  if (typeof turn === 'string') return [legResult(facts, 'cancelled', { log: `##[error]${turn}` })];
  try {
    const outcomes = await runJobs({
      ...frame,
      held: holding(held, concurrency, leg.job.id),
      cancelled: AbortSignal.any([cancelled, turn.displaced]),
    });
    const conclusion = combined([...outcomes.values()].map(({ result }) => result));
    const outputs = callOutputs(frame, outcomes);
    return [legResult(facts, conclusion, { outputs }), ...[...outcomes.values()].flatMap(({ jobs }) => jobs)];
  } finally {
    turn.leave();
  }
}
