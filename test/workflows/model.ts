/** A parsed workflow. Names and needs are known. Everything that can contain an expression is still a template. */
import type { PermissionsRequest } from './permissions.ts';
import type { Template } from './template.ts';

/** Path of a workflow file. */
export interface WorkflowPlace {
  /** `owner/name` */
  readonly repository: string;
  /** `.github/workflows/x.yml` */
  readonly path: string;
}

/** An input of `workflow_call` or `workflow_dispatch`. */
export interface InputDefinition {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly default: Template | undefined;
  /** Options of a choice. */
  readonly options: readonly string[];
}

/** Inputs, secrets and outputs of a reusable workflow. */
export interface CallInterface {
  readonly inputs: readonly InputDefinition[];
  /** Values by name. */
  readonly outputs: readonly (readonly [string, Template])[];
}

/** Working directory and shell of a `run:`. */
export interface RunDefaults {
  readonly shell: Template | undefined;
  readonly workingDirectory: Template | undefined;
}

/** One step. */
export interface Step {
  /** Set by the workflow. Steps without it can't be referenced. */
  readonly id: string | undefined;
  readonly name: Template | undefined;
  /** With its status function: `success() && (…)` if the workflow names none. */
  readonly condition: string;
  readonly env: Template | undefined;
  readonly continueOnError: Template | undefined;
  readonly run: Template | undefined;
  readonly shell: Template | undefined;
  readonly workingDirectory: Template | undefined;
  readonly uses: string | undefined;
  readonly inputs: Template | undefined;
}

/** A job that calls a reusable workflow. */
export interface Call {
  readonly reference: string;
  readonly workflow: Workflow;
  readonly inputs: Template | undefined;
  /** `inherit`, or a mapping. */
  readonly secrets: 'inherit' | Template | undefined;
}

/** One job. */
export interface Job {
  readonly id: string;
  readonly needs: readonly string[];
  readonly name: Template | undefined;
  readonly condition: string;
  readonly strategy: Template | undefined;
  readonly permissions: PermissionsRequest | undefined;
  readonly runsOn: Template | undefined;
  readonly timeoutMinutes: Template | undefined;
  readonly continueOnError: Template | undefined;
  readonly environment: Template | undefined;
  readonly concurrency: Template | undefined;
  readonly env: Template | undefined;
  readonly defaults: RunDefaults;
  readonly outputs: Template | undefined;
  readonly steps: readonly Step[];
  readonly call: Call | undefined;
  /** Its name in the file, for messages. */
  readonly place: Template;
}

/** One workflow file, with the workflows that it calls. */
export interface Workflow extends WorkflowPlace {
  readonly name: string;
  /** Names of the events that start it. */
  readonly events: readonly string[];
  readonly dispatchInputs: readonly InputDefinition[];
  readonly call: CallInterface;
  readonly env: Template | undefined;
  readonly defaults: RunDefaults;
  readonly permissions: PermissionsRequest | undefined;
  readonly concurrency: Template | undefined;
  readonly jobs: readonly Job[];
}
