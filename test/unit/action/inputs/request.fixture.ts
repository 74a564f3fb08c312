import { actionDefinition } from '../../../../scripts/action-definition.ts';
import { readRequest } from '../../../../src/action/inputs/request.ts';
import type { InputSources } from '../../../../src/action/runner/inputs.ts';
import { TransferError } from '../../../../src/transfer/errors/transfer-error.ts';
import type { TransferRequest } from '../../../../src/transfer/model/request.ts';

/** Inputs of a step, by name. */
export type Inputs = Readonly<Record<string, string>>;

const { inputs: DEFINED } = actionDefinition();

const SUBSCRIPTION = '00000000-0000-4000-8000-000000000001';
const REGISTRY = `/subscriptions/${SUBSCRIPTION}/resourceGroups/group/providers/Microsoft.ContainerRegistry/registries`;

/** A GUID for tenants and clients. */
export const GUID = '00000000-0000-4000-8000-00000000000a';
/** ID of the export pipeline. */
export const EXPORT_PIPELINE = `${REGISTRY}/source/exportPipelines/exporter`;
/** ID of the import pipeline. */
export const IMPORT_PIPELINE = `${REGISTRY}/target/importPipelines/importer`;

/** The minimal inputs of each mode. */
export const MINIMAL: Readonly<Record<TransferRequest['mode'], Inputs>> = {
  export: { mode: 'export', artifacts: 'team/api:v1', 'export-pipeline': EXPORT_PIPELINE },
  handoff: {
    mode: 'handoff',
    'source-container': 'https://source.blob.core.windows.net/transfer',
    'target-container': 'https://target.blob.core.windows.net/transfer',
  },
  import: { mode: 'import', 'import-pipeline': IMPORT_PIPELINE },
  full: {
    mode: 'full',
    artifacts: 'team/api:v1',
    'export-pipeline': EXPORT_PIPELINE,
    'import-pipeline': IMPORT_PIPELINE,
  },
  doctor: { mode: 'doctor', 'export-pipeline': EXPORT_PIPELINE, 'import-pipeline': IMPORT_PIPELINE },
};

/** Inputs as the runner passes them: inputs that are not set have their default of action.yml. */
export function sourcesOf(
  given: Inputs,
  files: Inputs = {},
  workflow = { repository: 'octo/app', runId: '77' },
): InputSources {
  for (const input of Object.keys(given)) {
    if (!(input in DEFINED)) throw new Error(`action.yml has no input ${input}`);
  }
  return {
    get: (input) => {
      const definition = DEFINED[input];
      if (definition === undefined) throw new Error(`an input is read that action.yml does not have: ${input}`);
      return given[input] ?? definition.default ?? '';
    },
    // A path can be a name that every object has, such as `constructor`.
    readFile: (path) => (Object.hasOwn(files, path) ? (files[path] ?? null) : null),
    workflow,
  };
}

/** The request of these inputs. */
export const requestOf = (...sources: Parameters<typeof sourcesOf>): TransferRequest =>
  readRequest(sourcesOf(...sources));

/** The problems of these inputs, one line each; empty if there are none. */
export function problemsOf(...sources: Parameters<typeof sourcesOf>): string[] {
  try {
    readRequest(sourcesOf(...sources));
    return [];
  } catch (error) {
    if (!(error instanceof TransferError) || error.facts.id !== 'ACRT1001') throw error;
    return error.facts.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
}
