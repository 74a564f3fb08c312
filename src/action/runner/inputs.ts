/** Raw inputs as the runner hands them over, which of them are secret, and what setup/action.yml calls them. */
import * as core from '@actions/core';
import type { TransferErrorFacts } from '../../transfer/errors/index.ts';
import { readWorkspaceFile } from './files.ts';

/** Inputs that must never be seen. */
export const SECRET_INPUTS = ['source-client-secret', 'target-client-secret', 'source-sas', 'target-sas'];

/** Where the inputs come from. */
export interface InputSources {
  /** The value of an input, empty when it was not given. */
  readonly get: (input: string) => string;
  /** A file of the workspace; null when there is none. */
  readonly readFile: (path: string) => string | null;
  /** `owner/repository` and the id of the workflow run; empty outside of one. */
  readonly workflow: { readonly repository: string; readonly runId: string };
}

/** The inputs as the runner hands them over. */
export const runnerInputs: InputSources = {
  get: (input) => core.getInput(input),
  readFile: readWorkspaceFile,
  workflow: {
    repository: process.env['GITHUB_REPOSITORY'] ?? '',
    runId: process.env['GITHUB_RUN_ID'] ?? '',
  },
};

/** The same of the setup action. */
export const provisioningSecrets = (): readonly string[] => [core.getInput('client-secret')].filter(Boolean);

/** Values of inputs that must be masked before anything is printed. */
export const secretInputs = (): readonly string[] => SECRET_INPUTS.map((input) => core.getInput(input)).filter(Boolean);

const PREFIXED = /\b(?:source|target)-(?=(?:cloud|tenant-id|client-id|client-secret|audience|container)\b)/g;

/** A text about inputs, by their names here. */
export const toSetupInputNames = (text: string): string => text.replaceAll(PREFIXED, '');

/** A failure that names inputs as they are called here. */
export const withSetupInputNames = (facts: TransferErrorFacts): TransferErrorFacts => ({
  ...facts,
  message: toSetupInputNames(facts.message),
  remedy: toSetupInputNames(facts.remedy),
});
