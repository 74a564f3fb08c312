/** The contexts of expressions, and the variables that runners derive from them. */
import { basename } from 'node:path';
import type { Job, WorkflowPlace } from './model.ts';
import type { Frame, Named, RunOptions } from './run.ts';
import type { Conclusion } from './status.ts';
import { textOf, type ValueObject } from './value.ts';

/** Default actor of a run. */
export const REPOSITORY = 'contoso/shop';
const SHA = '5f1c6a1e7d0b4c2f9a8e3d7b6c5a4f3e2d1c0b9a';
const SERVER = 'https://github.com';

/** The `github` context of a run. */
export function githubContext(workflow: WorkflowPlace & { readonly name: string }, options: RunOptions): ValueObject {
  const { repository = REPOSITORY, ref = 'refs/heads/main', event = 'workflow_dispatch' } = options;
  return {
    actor: 'octocat',
    api_url: 'https://api.github.com',
    base_ref: '',
    event: { ...options.payload, ...(options.inputs && { inputs: texts(options.inputs) }) },
    event_name: event,
    graphql_url: 'https://api.github.com/graphql',
    head_ref: '',
    ref,
    ref_name: ref.replace(/^refs\/(?:heads|tags)\//, ''),
    ref_protected: false,
    ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    repository,
    repository_id: '1296269',
    repository_owner: repository.split('/')[0] ?? '',
    retention_days: '90',
    run_attempt: String(options.attempt ?? 1),
    run_id: options.runId ?? '4711',
    run_number: '7',
    server_url: SERVER,
    sha: SHA,
    triggering_actor: 'octocat',
    workflow: workflow.name,
    workflow_ref: `${repository}/.github/workflows/${basename(workflow.path)}@${ref}`,
    workflow_sha: SHA,
  };
}

/** In the payload of the event, every input is a string (actions/runner#1483). */
const texts = (inputs: NonNullable<RunOptions['inputs']>): Named =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, String(value)]));

/** The parts of `github` that runners pass to steps as GITHUB_ variables. */
const VARIABLES = [
  'actor',
  'api_url',
  'base_ref',
  'event_name',
  'graphql_url',
  'head_ref',
  'job',
  'ref',
  'ref_name',
  'ref_protected',
  'ref_type',
  'repository',
  'repository_id',
  'repository_owner',
  'retention_days',
  'run_attempt',
  'run_id',
  'run_number',
  'server_url',
  'sha',
  'triggering_actor',
  'workflow',
  'workflow_ref',
  'workflow_sha',
  'workspace',
];

/** GITHUB_ variables of a job. */
export const githubVariables = (github: ValueObject): Record<string, string> =>
  Object.fromEntries(VARIABLES.map((name) => [`GITHUB_${name.toUpperCase()}`, textOf(github[name] ?? null)]));

/** The result of a needed job. */
export interface Needed {
  readonly result: Conclusion;
  readonly outputs: Named;
}

/** The contexts of the whole workflow. */
export const workflowContexts = ({ run, inputs, secrets }: Frame): ValueObject => ({
  github: run.github,
  inputs,
  vars: run.options.vars ?? {},
  secrets,
});

/** The contexts of a job before its matrix is evaluated. */
export function jobContexts(frame: Frame, job: Job, ancestors: ReadonlyMap<string, Needed>): ValueObject {
  const needs = job.needs.map((id) => {
    const { result = 'skipped', outputs = {} } = ancestors.get(id) ?? {};
    return [id, { result, outputs }] as const;
  });
  const contexts = workflowContexts(frame);
  return {
    ...contexts,
    github: { ...frame.run.github, job: job.id },
    needs: Object.fromEntries(needs),
    strategy: null,
    matrix: null,
  };
}
