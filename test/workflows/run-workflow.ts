/**
 * Runs a workflow file on this machine, as GitHub and its runners do.
 *
 * GitHub's own packages parse the file and evaluate its expressions (`parse.ts`, `evaluate.ts`). The rest is emulated here:
 *
 * - Order and conditions of jobs: `graph.ts`, `status.ts`, `jobs.ts`
 * - Legs of a matrix: `matrix.ts`, `leg.ts`
 * - Steps of a job: `job.ts`, `step.ts` and the files next to it
 * - Called workflows: `called-workflow.ts`, `inputs.ts`
 * - Concurrency groups: `concurrency.ts`
 * - Permissions of tokens: `permissions.ts`, `token.ts`
 *
 * This repository's actions run from `dist/`, each in its own process. Third-party actions are emulated in `stand-ins/`, and programs of
 * hosted runners in `played/`. Any other action or program is an error. `run.ts` defines the input of a run, `result.ts` its result.
 * `samples/` runs each workflow of `examples/`.
 *
 * Import `scripts/lint/json-imports.ts` first if you start it with Node. Jest doesn't need it.
 *
 * Not supported, and rejected: containers and services, background steps, `hashFiles`, shells other than bash and sh, composite and docker
 * actions. Only recorded: `runs-on`, and `timeout-minutes` of jobs. Ignored: `timeout-minutes` of steps. Assumed, because it isn't
 * documented: a run or a called workflow with only skipped jobs has the conclusion `skipped`. A job that waits in a canceled run is
 * skipped if its condition is false, and canceled otherwise.
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

/** The workflow file in the repository of the run. */
export interface WorkflowFile {
  /** `.github/workflows/x.yml` */
  readonly path: string;
  readonly text: string;
}

/** Workflow files: the one to run, those of the test, and those of this repository. */
function reader(file: WorkflowFile, repository: string, more: RunOptions['workflows'] = {}): ReadWorkflow {
  const given: Readonly<Record<string, string>> = { ...more, [`${repository}/${file.path}`]: file.text };
  return ({ repository: owner, path }: WorkflowPlace) => {
    const text = given[`${owner}/${path}`];
    const own = join(ROOT, path);
    if (text !== undefined || owner.toLowerCase() !== OWN_REPOSITORY || !existsSync(own)) return text;
    return readFileSync(own, 'utf8');
  };
}

/** Why GitHub rejects the run. */
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

/** A dispatched run has inputs. On a schedule, they are empty, without defaults. */
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

/** The workflow of a file with the workflows that it calls, or why GitHub rejects it. */
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

/** Why GitHub rejects a workflow in a repository with restricted default permissions, for any event. */
export async function checkWorkflow(file: WorkflowFile): Promise<readonly string[]> {
  const workflow = await load(file, {});
  return isWorkflow(workflow) ? permissionErrors(workflow, RESTRICTED) : workflow;
}

/** Runs a workflow. Resolves when every job has ended, with any result. */
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
