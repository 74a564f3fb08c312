/** One step: environment, condition, work, and values. */
import { delimiter, join } from 'node:path';
import { createCommandFiles, readCommandFiles, type Told } from './command-files.ts';
import { evaluate, evaluateText, evaluateTexts, holds, type Scope } from './evaluate.ts';
import { openLog } from './log.ts';
import type { Machine } from './machine.ts';
import type { RunDefaults, Step } from './model.ts';
import type { Permissions } from './permissions.ts';
import type { Outputs, StepResult } from './result.ts';
import type { Run } from './run.ts';
import { runScript } from './step-run.ts';
import { useAction } from './step-uses.ts';
import { stepFunctions, type Conclusion } from './status.ts';
import { sourceOf } from './template.ts';
import type { Value, ValueObject } from './value.ts';

/** A job while its steps run. */
export interface JobState {
  readonly run: Run;
  readonly machine: Machine;
  readonly permissions: Permissions;
  /** Defaults of the job, then those of its workflow. */
  readonly defaults: readonly RunDefaults[];
  readonly contexts: ValueObject;
  readonly cancelled: AbortSignal;
  readonly onLine: (line: string) => void;
  /** The status of the job, unless it is canceled. */
  status: Conclusion;
  /** Variables of the job. GITHUB_ENV adds to them. */
  env: Record<string, string>;
  /** GITHUB_PATH, newest first. */
  paths: string[];
  /** The `steps` context. */
  readonly steps: Record<string, Value>;
  /** Post parts that run when the job ends, last one first. */
  readonly posts: Post[];
}

/** The post part of an action. */
export interface Post extends PostPart {
  /** Name of the step. */
  readonly name: string;
  /** Values that the main part has written to GITHUB_STATE. */
  readonly saved: Readonly<Record<string, string>>;
}

/** The post part that an action declares. */
export interface PostPart {
  /** The file to start. */
  readonly program: string;
  readonly condition: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A running step. */
export interface Work {
  readonly state: JobState;
  readonly step: Step;
  readonly scope: Scope;
  /** The environment of its process, without the inputs of an action. */
  readonly env: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
  /** Undefined after the job was canceled: steps that run anyway aren't interrupted. */
  readonly cancelled: AbortSignal | undefined;
}

/** The result of the work: whether it succeeded, and outputs without a file. */
export interface Worked {
  readonly succeeded: boolean;
  readonly outputs: Outputs;
  readonly post?: PostPart | undefined;
}

const statusOf = ({ cancelled, status }: JobState): Conclusion => (cancelled.aborted ? 'cancelled' : status);

/** The contexts of a step. */
export function scopeOf(state: JobState, env: Readonly<Record<string, string>>): Scope {
  const status = statusOf(state);
  const { machine, contexts, steps } = state;
  return {
    contexts: { ...contexts, github: machine.github, runner: machine.runner, env, steps, job: { status } },
    functions: stepFunctions(status),
  };
}

const actionOf = (step: Step): string => step.uses ?? sourceOf(step.run).split('\n')[0] ?? '';

/** The displayed name: its name, or the command or action that it runs. */
function nameOf(step: Step, scope: Scope): string {
  try {
    const name = evaluateText(step.name, scope);
    return name === '' ? `Run ${actionOf(step)}` : name;
  } catch {
    // The runner shows the text before evaluation.
    return sourceOf(step.name);
  }
}

const NOTHING_TOLD: Told = { outputs: {}, env: {}, paths: [], saved: {}, summary: '' };

/** Does the work, reads its values, and updates the job. */
async function perform(work: Work, folder: string): Promise<Worked & { readonly summary: string }> {
  const { state, step, scope, log } = work;
  const worked = await (step.uses === undefined ? runScript(work) : useAction(work, step.uses));
  const told = readCommandFiles(folder, (message) => {
    log(`##[error]${message}`);
  });
  Object.assign(state.env, told.env);
  state.paths.unshift(...[...told.paths].reverse());
  if (worked.post !== undefined)
    state.posts.unshift({ ...worked.post, name: `Post ${nameOf(step, scope)}`, saved: told.saved });
  return { succeeded: worked.succeeded, outputs: { ...worked.outputs, ...told.outputs }, summary: told.summary };
}

/** The folder of a step's command files, and the variables that name them. */
export function commandFiles({ machine }: JobState, name: string) {
  const folder = join(machine.temp, '_runner_file_commands', name);
  return { folder, variables: createCommandFiles(folder) };
}

interface Ended {
  readonly outcome: Conclusion;
  readonly conclusion: Conclusion;
  readonly outputs: Outputs;
  readonly summary: string;
}

const ended = (outcome: Conclusion, outputs: Outputs = {}, summary = ''): Ended => ({
  outcome,
  conclusion: outcome,
  outputs,
  summary,
});

async function attempt(state: JobState, step: Step, index: number, log: (line: string) => void): Promise<Ended> {
  const disturbed = state.cancelled.aborted ? undefined : state.cancelled;
  // The step's own variables also apply to its condition.
  const env = { ...state.env, ...evaluateTexts(step.env, scopeOf(state, state.env)) };
  const scope = scopeOf(state, env);
  if (!holds(step.condition, scope)) return ended('skipped');
  const { folder, variables } = commandFiles(state, String(index));
  const path = [...state.paths, env['PATH'] ?? state.machine.env['PATH'] ?? ''].join(delimiter);
  const work: Work = {
    state,
    step,
    scope,
    env: { ...state.machine.env, ...env, ...variables, PATH: path },
    log,
    cancelled: disturbed,
  };
  let worked: Worked & { readonly summary: string } = { succeeded: false, ...NOTHING_TOLD };
  try {
    worked = await perform(work, folder);
  } catch (error) {
    log(`##[error]${(error as Error).message}`);
  }
  if (disturbed?.aborted === true) return ended('cancelled', worked.outputs, worked.summary);
  if (worked.succeeded) return ended('success', worked.outputs, worked.summary);
  const forgiven = step.continueOnError !== undefined && evaluate(step.continueOnError, scope) === true;
  return { ...ended('failure', worked.outputs, worked.summary), conclusion: forgiven ? 'success' : 'failure' };
}

/**
 * Runs one step, or skips it, and records the result in the job.
 * @param index number of the step in the job
 */
export async function runStep(state: JobState, step: Step, index: number): Promise<StepResult> {
  const name = nameOf(step, scopeOf(state, state.env));
  const { log, text } = openLog(state.run.masks, state.onLine);
  let end: Ended;
  try {
    end = await attempt(state, step, index, log);
  } catch (error) {
    log(`##[error]The template is not valid. ${(error as Error).message}`);
    end = ended('failure');
  }
  const { outcome, conclusion, outputs, summary } = end;
  if (conclusion === 'failure') state.status = 'failure';
  if (step.id !== undefined) state.steps[step.id] = { outputs, outcome, conclusion };
  return { id: step.id, name, outcome, conclusion, outputs, log: text(), summary };
}
