/** Parses a workflow file to the model, with GitHub's own parser. */
import { isBoolean } from '@actions/workflow-parser/templates/tokens/type-guards';
import type { WorkflowTemplate } from '@actions/workflow-parser/model/workflow-template';
import type { FileProvider } from '@actions/workflow-parser/workflows/file-provider';
import type { Call, CallInterface, InputDefinition, Job, RunDefaults, Step, Workflow, WorkflowPlace } from './model.ts';
import { readPermissions } from './permissions.ts';
import { items, literal, member, members, type Template } from './template.ts';

/** A workflow file that GitHub rejects. Each line is one of its messages. */
export class InvalidWorkflow extends Error {
  readonly errors: readonly string[];
  constructor(errors: readonly string[]) {
    super(['The workflow is not valid.', ...errors].join('\n'));
    this.errors = errors;
  }
}

/** The text of a workflow file; undefined if it doesn't exist. */
export type ReadWorkflow = (place: WorkflowPlace) => string | undefined;

/**
 * The workflow of `uses:` in a job. A path is relative to the repository of the calling file.
 * @throws InvalidWorkflow if it doesn't reference a workflow
 */
export function calledPlace(reference: string, caller: WorkflowPlace): WorkflowPlace {
  if (reference.startsWith('./')) return { repository: caller.repository, path: reference.slice(2) };
  const { repository, path } =
    /^(?<repository>[^/@]+\/[^/@]+)\/(?<path>\.github\/workflows\/[^@]+)@.+$/.exec(reference)?.groups ?? {};
  if (repository === undefined || path === undefined)
    throw new InvalidWorkflow([`invalid value workflow reference: ${reference}`]);
  return { repository, path };
}

// Loaded on demand, because the package imports JSON, which Node only supports after scripts/lint/json-imports.ts.
const loadParser = async () => import('@actions/workflow-parser');

function fileProvider(caller: WorkflowPlace, read: ReadWorkflow): FileProvider {
  return {
    getFileContent: (reference) => {
      const repository = 'repository' in reference ? `${reference.owner}/${reference.repository}` : caller.repository;
      const content = read({ repository, path: reference.path });
      // GitHub's package has its own message for it.
      return content === undefined
        ? Promise.reject(new Error('not found'))
        : Promise.resolve({ name: reference.path, content });
    },
  };
}

const isTrue = (token: Template | undefined): boolean => token !== undefined && isBoolean(token) && token.value;

function inputDefinitions(token: Template | undefined): readonly InputDefinition[] {
  return members(token).map(([name, definition]) => ({
    name,
    type: literal(member(definition, 'type')) ?? 'string',
    required: isTrue(member(definition, 'required')),
    default: member(definition, 'default'),
    options: items(member(definition, 'options')).map(String),
  }));
}

const callInterface = (token: Template | undefined): CallInterface => ({
  inputs: inputDefinitions(member(token, 'inputs')),
  outputs: members(member(token, 'outputs')).flatMap(([name, definition]) => {
    const value = member(definition, 'value');
    return value === undefined ? [] : [[name, value] as const];
  }),
});

function runDefaults(token: Template | undefined): RunDefaults {
  const run = member(member(token, 'defaults'), 'run');
  return { shell: member(run, 'shell'), workingDirectory: member(run, 'working-directory') };
}

/** Features that aren't emulated must not look as if they had run. */
function refuse(token: Template, names: readonly string[], path: string): void {
  const found = names.filter((name) => member(token, name) !== undefined);
  if (found.length > 0)
    throw new InvalidWorkflow(found.map((name) => `${path}: '${name}' is not played by this runner`));
}

function readStep(token: Template, condition: string, path: string): Step {
  refuse(token, ['background', 'wait', 'wait-all', 'cancel', 'parallel'], path);
  return {
    id: literal(member(token, 'id')),
    name: member(token, 'name'),
    condition,
    env: member(token, 'env'),
    continueOnError: member(token, 'continue-on-error'),
    run: member(token, 'run'),
    shell: member(token, 'shell'),
    workingDirectory: member(token, 'working-directory'),
    uses: literal(member(token, 'uses')),
    inputs: member(token, 'with'),
  };
}

async function readCall(
  token: Template,
  caller: WorkflowPlace,
  read: ReadWorkflow,
  depth: number,
): Promise<Call | undefined> {
  const reference = literal(member(token, 'uses'));
  if (reference === undefined) return undefined;
  const secrets = member(token, 'secrets');
  return {
    reference,
    workflow: await loadWorkflow(calledPlace(reference, caller), read, depth + 1),
    inputs: member(token, 'with'),
    secrets: literal(secrets) === 'inherit' ? 'inherit' : secrets,
  };
}

type Converted = WorkflowTemplate['jobs'][number];

function readJob(token: Template, converted: Converted, place: WorkflowPlace, call: Call | undefined): Job {
  refuse(token, ['container', 'services', 'snapshot'], place.path);
  const conditions = converted.type === 'job' ? converted.steps.map((step) => step.if?.expression ?? 'success()') : [];
  return {
    id: converted.id.value,
    needs: (converted.needs ?? []).map(({ value }) => value),
    name: member(token, 'name'),
    condition: converted.if.expression,
    strategy: member(token, 'strategy'),
    permissions: readPermissions(member(token, 'permissions')),
    runsOn: member(token, 'runs-on'),
    timeoutMinutes: member(token, 'timeout-minutes'),
    continueOnError: member(token, 'continue-on-error'),
    environment: member(token, 'environment'),
    concurrency: member(token, 'concurrency'),
    env: member(token, 'env'),
    defaults: runDefaults(token),
    outputs: member(token, 'outputs'),
    steps: items(member(token, 'steps')).map((step, index) =>
      readStep(step, conditions[index] ?? 'success()', place.path),
    ),
    call,
    place: converted.id,
  };
}

/** GitHub's limit for nested calls. */
const MAX_DEPTH = 10;

/**
 * Parses a workflow file and the files that it calls, and checks them as GitHub does before a run: schema, expressions, needs,
 * inputs of called workflows.
 * @throws InvalidWorkflow
 */
export async function loadWorkflow(place: WorkflowPlace, read: ReadWorkflow, depth = 1): Promise<Workflow> {
  const content = read(place);
  if (content === undefined) throw new InvalidWorkflow([`${place.repository}/${place.path}: workflow was not found.`]);
  if (depth > MAX_DEPTH)
    throw new InvalidWorkflow([`${place.path}: workflows call each other more than ${MAX_DEPTH} deep`]);
  const { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } = await loadParser();
  const { context, value } = parseWorkflow({ name: place.path, content }, new NoOperationTraceWriter());
  const template =
    value &&
    (await convertWorkflowTemplate(context, value, fileProvider(place, read), { fetchReusableWorkflowDepth: 1 }));
  const errors = context.errors.getErrors().map(({ message }) => message);
  if (value === undefined || template === undefined || errors.length > 0) throw new InvalidWorkflow(errors);
  const jobs: Job[] = [];
  for (const [index, [, token]] of members(member(value, 'jobs')).entries()) {
    const converted = template.jobs[index];
    if (converted === undefined) continue;
    jobs.push(readJob(token, converted, place, await readCall(token, place, read, depth)));
  }
  const on = member(value, 'on');
  const events = members(on).map(([name]) => name);
  return {
    ...place,
    name: literal(member(value, 'name')) ?? place.path,
    events: events.length > 0 ? events : items(on).map(String),
    dispatchInputs: inputDefinitions(member(member(on, 'workflow_dispatch'), 'inputs')),
    call: callInterface(member(on, 'workflow_call')),
    env: member(value, 'env'),
    defaults: runDefaults(value),
    permissions: readPermissions(member(value, 'permissions')),
    concurrency: member(value, 'concurrency'),
    jobs,
  };
}
