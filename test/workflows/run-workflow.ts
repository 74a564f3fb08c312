/**
 * Runs a workflow file on this machine, as GitHub and its runners would: a test of the workflow, not of a copy of it.
 *
 * GitHub's own packages read the file and evaluate its expressions (`parse.ts`, `evaluate.ts`); what lies between is played here: order
 * and conditions of jobs (`graph.ts`, `status.ts`, `jobs.ts`), legs of a matrix (`matrix.ts`, `leg.ts`), steps on a machine (`job.ts`,
 * `step.ts` and those beside it), called workflows (`called-workflow.ts`, `inputs.ts`), groups that take turns (`concurrency.ts`), and
 * what a token may do (`permissions.ts`, `token.ts`). Our own actions run from `dist/`, as processes of their own; actions of others have
 * stand-ins (`stand-ins/`), programs that a hosted runner has and this machine has not are played (`played/`), and what has neither is an
 * error. `run.ts` says what a run is given, `result.ts` what comes of it. `samples/` runs every workflow of `examples/`.
 *
 * Import `scripts/lint/json-imports.ts` first if you start it with Node. Jest doesn't need it.
 *
 * Not played, and refused rather than passed over: containers and services, background steps, `hashFiles`, shells other than bash and sh,
 * composite and docker actions. Recorded only: `runs-on`, and `timeout-minutes` of jobs; those of steps count for nothing. Assumed, for
 * nothing is documented: a run, or a called workflow, of which every job is skipped has the conclusion `skipped`; a job that waits for a
 * run that is cancelled is skipped when its condition does not hold, and cancelled when it does.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../scripts/action-definition.ts';
import { openArtifacts } from './artifacts.ts';
import { holding } from './concurrency.ts';
import { githubContext, REPOSITORY, workflowContexts } from './contexts.ts';
import { dispatchErrors, dispatchInputs } from './inputs.ts';
import { runJobs } from './jobs.ts';
import { readConcurrency } from './leg.ts';
import { createMasks } from './masks.ts';
import type { Workflow, WorkflowPlace } from './model.ts';
import { InvalidWorkflow, loadWorkflow, type ReadWorkflow } from './parse.ts';
import { permissionErrors, RESTRICTED } from './permissions.ts';
import type { RunResult } from './result.ts';
import { createRunners, machineFolders, type Frame, type Run, type RunOptions } from './run.ts';
import { combined } from './status.ts';
import { OWN_REPOSITORY } from './step-uses.ts';
import type { ValueObject } from './value.ts';

/** The workflow file of the repository that the run belongs to. */
export interface WorkflowFile {
  /** `.github/workflows/x.yml` */
  readonly path: string;
  readonly text: string;
}

/** Workflow files: the one that is run, those that come with it, and those of this repository. */
function reader(file: WorkflowFile, repository: string, more: RunOptions['workflows'] = {}): ReadWorkflow {
  const given: Readonly<Record<string, string>> = { ...more, [`${repository}/${file.path}`]: file.text };
  return ({ repository: owner, path }: WorkflowPlace) => {
    const text = given[`${owner}/${path}`];
    const own = join(ROOT, path);
    if (text !== undefined || owner.toLowerCase() !== OWN_REPOSITORY || !existsSync(own)) return text;
    return readFileSync(own, 'utf8');
  };
}

/** Why GitHub would not start the run. */
function startErrors(workflow: Workflow, options: RunOptions): readonly string[] {
  const { event = 'workflow_dispatch', inputs = {}, defaultPermissions = RESTRICTED } = options;
  return [
    ...(workflow.events.includes(event) ? [] : [`Workflow does not have '${event}' trigger`]),
    ...(event === 'workflow_dispatch' ? dispatchErrors(workflow.dispatchInputs, inputs) : []),
    ...permissionErrors(workflow, defaultPermissions),
  ];
}

function startRun(workflow: Workflow, options: RunOptions): Run {
  const { folder, runId = '4711', attempt = 1, repository = REPOSITORY } = options;
  const environments = Object.values(options.environments ?? {});
  const secrets = [options.secrets, ...environments.map(({ secrets: own }) => own)];
  return {
    options,
    repository,
    runId,
    attempt,
    github: githubContext(workflow, options),
    masks: createMasks(secrets.flatMap((each) => Object.values(each ?? {}))),
    artifacts: openArtifacts(join(folder, 'artifacts'), runId, attempt),
    runners: createRunners(options.runners),
    turns: new Map(),
    machineFolder: machineFolders(join(folder, `run-${runId}-${attempt}`)),
  };
}

/** Inputs are there for a run that was dispatched; on a schedule they are empty, defaults and all. */
function startInputs({ dispatchInputs: definitions }: Workflow, frame: Frame, options: RunOptions): ValueObject {
  const { event = 'workflow_dispatch', inputs = {} } = options;
  if (event !== 'workflow_dispatch') return {};
  return dispatchInputs(definitions, inputs, { contexts: workflowContexts(frame) });
}

function startFrame(workflow: Workflow, options: RunOptions): Frame {
  const frame: Frame = {
    run: startRun(workflow, options),
    workflow,
    inputs: {},
    secrets: options.secrets ?? {},
    allowed: options.defaultPermissions ?? RESTRICTED,
    callers: [],
    held: new Map(),
    earlier: new Map((options.previous?.jobs ?? []).map((job) => [job.key, job])),
    cancelled: options.cancelled ?? new AbortController().signal,
  };
  return { ...frame, inputs: startInputs(workflow, frame, options) };
}

const refused = (errors: readonly string[]): RunResult => ({
  conclusion: 'startup_failure',
  errors,
  jobs: [],
  concurrency: undefined,
});

type Loading = Pick<RunOptions, 'repository' | 'workflows'>;

/** The workflow of a file with those that it calls, or why GitHub would not take it. */
async function load(file: WorkflowFile, options: Loading): Promise<Workflow | readonly string[]> {
  const { repository = REPOSITORY, workflows } = options;
  try {
    return await loadWorkflow({ repository, path: file.path }, reader(file, repository, workflows));
  } catch (error) {
    if (error instanceof InvalidWorkflow) return error.errors;
    throw error;
  }
}

const isWorkflow = (loaded: Workflow | readonly string[]): loaded is Workflow => !Array.isArray(loaded);

/** Why GitHub would not start a workflow in a repository with the restricted default of permissions, whatever the event. */
export async function checkWorkflow(file: WorkflowFile): Promise<readonly string[]> {
  const workflow = await load(file, {});
  return isWorkflow(workflow) ? permissionErrors(workflow, RESTRICTED) : workflow;
}

/** Runs a workflow, and resolves when every job has ended, however it has. */
export async function runWorkflow(file: WorkflowFile, options: RunOptions): Promise<RunResult> {
  const workflow = await load(file, options);
  if (!isWorkflow(workflow)) return refused(workflow);
  const errors = startErrors(workflow, options);
  if (errors.length > 0) return refused(errors);
  const frame = startFrame(workflow, options);
  const concurrency = readConcurrency(workflow.concurrency, { contexts: workflowContexts(frame) });
  const held = holding(frame.held, concurrency, 'top level workflow');
  const outcomes = [...(await runJobs({ ...frame, held })).values()];
  return {
    conclusion: combined(outcomes.map(({ result }) => result)),
    errors: [],
    jobs: outcomes.flatMap(({ jobs }) => jobs),
    concurrency,
  };
}
