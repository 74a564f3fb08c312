/** Raw inputs from the runner, the secret inputs, and the names of inputs in setup/action.yml. */
import * as core from '@actions/core';
import type { TransferErrorFacts } from '../../transfer/errors/index.ts';
import { readWorkspaceFile } from './files.ts';

/** Inputs that contain secrets. */
export const SECRET_INPUTS = ['source-client-secret', 'target-client-secret', 'source-sas', 'target-sas'];

/** Sources of a request: the inputs, files, and the workflow run. */
export interface InputSources {
  /** The value of an input; empty if it is not set. */
  readonly get: (input: string) => string;
  /** A file of the workspace; null if it does not exist. */
  readonly readFile: (path: string) => string | null;
  /** `owner/repository` and the id of the workflow run; empty outside of a workflow run. */
  readonly workflow: { readonly repository: string; readonly runId: string };
}

/** The inputs of this step. */
export const runnerInputs: InputSources = {
  get: (input) => core.getInput(input),
  readFile: readWorkspaceFile,
  workflow: {
    repository: process.env['GITHUB_REPOSITORY'] ?? '',
    runId: process.env['GITHUB_RUN_ID'] ?? '',
  },
};

/** Values of secret inputs of the transfer action that must be masked before anything is printed. */
export const secretInputs = (): readonly string[] => SECRET_INPUTS.map((input) => core.getInput(input)).filter(Boolean);

/** Values of secret inputs of the setup action that must be masked before anything is printed. */
export const provisioningSecrets = (): readonly string[] => [core.getInput('client-secret')].filter(Boolean);

const PREFIXED =
  /\b(?:source|target)-(?=(?:cloud|tenant-id|client-id|client-secret|audience|allowed-hosts|container)\b)/g;

/** Replaces the names of inputs of the transfer action in a text by their names in the setup action. */
export const toSetupInputNames = (text: string): string => text.replaceAll(PREFIXED, '');

/** An error whose texts use the input names of the setup action. */
export const withSetupInputNames = (facts: TransferErrorFacts): TransferErrorFacts => ({
  ...facts,
  message: toSetupInputNames(facts.message),
  remedy: toSetupInputNames(facts.remedy),
});
