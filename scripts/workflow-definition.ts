import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { ROOT } from './action-definition.ts';

/** One input of a reusable workflow. */
export interface WorkflowInput {
  readonly type: 'boolean' | 'number' | 'string';
  readonly description: string;
  readonly required?: boolean;
  readonly default?: boolean | number | string;
}

/** The part of a step that rules and documentation need. */
export interface WorkflowStep {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, boolean | number | string>>;
}

/** One job. */
export interface WorkflowJob {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps?: readonly WorkflowStep[];
  readonly 'timeout-minutes'?: number;
}

/** The parts of a reusable workflow that callers need. */
export interface ReusableWorkflow {
  readonly inputs: Readonly<Record<string, WorkflowInput>>;
  readonly secrets: Readonly<Record<string, { readonly description: string; readonly required?: boolean }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency: { readonly group: string; readonly 'cancel-in-progress': boolean };
  readonly jobs: Readonly<Record<string, WorkflowJob>>;
}

type File = Pick<ReusableWorkflow, 'permissions' | 'concurrency' | 'jobs'> & {
  readonly on: { readonly workflow_call: Partial<Pick<ReusableWorkflow, 'inputs' | 'secrets' | 'outputs'>> };
};

/** Names of the reusable workflows, in the order of the documentation. */
export const REUSABLE_WORKFLOWS = ['transfer', 'export', 'import', 'sync', 'setup'] as const;

/** See {@link REUSABLE_WORKFLOWS}. */
export type WorkflowName = (typeof REUSABLE_WORKFLOWS)[number];

/** Reads one of our reusable workflows. */
export function reusableWorkflow(name: WorkflowName): ReusableWorkflow {
  const text = readFileSync(join(ROOT, '.github', 'workflows', `${name}.yml`), 'utf8');
  const { on, permissions, concurrency, jobs } = load(text) as File;
  const { inputs = {}, secrets = {}, outputs = {} } = on.workflow_call;
  return { inputs, secrets, outputs, permissions, concurrency, jobs };
}
