/** The inputs of the steps in the reusable workflows, as the action reads them. */
import { describe, expect, it } from '@jest/globals';
import { reusableWorkflow, type WorkflowName } from '../../../scripts/workflow-definition.ts';
import { readProvisioningRequest } from '../../../src/action/inputs/provisioning.ts';
import { actionDefinition } from '../../../scripts/action-definition.ts';
import {
  EXPORT_PIPELINE,
  GUID,
  IMPORT_PIPELINE,
  problemsOf,
  requestOf,
  type Inputs,
} from '../action/inputs/request.fixture.ts';

const CONTAINER = 'https://account.blob.core.windows.net/transfer';
const setup = actionDefinition('setup');

/** The inputs of each step of a workflow that uses one of our actions, when a caller gives these. */
function stepsOf(name: WorkflowName, given: Inputs, secrets: Inputs = {}): readonly Inputs[] {
  const { inputs, jobs } = reusableWorkflow(name);
  const values: Inputs = {
    ...Object.fromEntries(
      Object.entries(inputs).map(([input, { default: value = '' }]) => [`inputs.${input}`, String(value)]),
    ),
    ...Object.fromEntries(Object.entries(given).map(([input, value]) => [`inputs.${input}`, value])),
    ...Object.fromEntries(Object.entries(secrets).map(([secret, value]) => [`secrets.${secret}`, value])),
    'matrix.shard': '2/3',
    'runner.temp': '/tmp',
  };
  return Object.values(jobs)
    .flatMap(({ steps = [] }) => steps)
    .filter(({ uses = '' }) => uses.startsWith('acr-transfer/'))
    .map((step) =>
      Object.fromEntries(
        Object.entries(step.with ?? {}).map(([input, value]) => [
          input,
          String(value).replaceAll(/\$\{\{ ([\w.-]+) \}\}/g, (_, key: string) => values[key] ?? ''),
        ]),
      ),
    );
}

const sides = {
  'source-tenant-id': GUID,
  'source-client-id': GUID,
  'target-tenant-id': GUID,
  'target-client-id': GUID,
};
const pipelines = { 'export-pipeline': EXPORT_PIPELINE, 'import-pipeline': IMPORT_PIPELINE };
const audiences = { 'source-audience': 'api://other', 'target-audience': 'api://other' };
const SAS = 'sv=2024-11-04&sig=abc';

const carrying = {
  'max-blob-size': '4GiB',
  'handoff-method': 'server',
  overwrite: 'true',
  'access-tier': 'Cool',
  'max-bandwidth': '20MB',
  'import-by': 'trigger',
  verify: 'false',
  'fail-fast': 'true',
  cleanup: '30',
  'source-container': CONTAINER,
  'target-container': CONTAINER,
};

describe('a caller that grants the fewest permissions', () => {
  it.each<{ name: WorkflowName; given: Inputs; steps: number }>([
    { name: 'transfer', given: { artifacts: 'team/api:v1', ...pipelines }, steps: 2 },
    { name: 'sync', given: { artifacts: 'team/api:v1', ...pipelines }, steps: 1 },
    { name: 'export', given: { artifacts: 'team/api:v1', 'export-pipeline': EXPORT_PIPELINE }, steps: 1 },
    { name: 'import', given: { 'import-pipeline': IMPORT_PIPELINE }, steps: 1 },
  ])('has granted $name.yml enough permissions', ({ name, given, steps }) => {
    expect(stepsOf(name, given).map((inputs) => problemsOf(inputs))).toEqual(Array(steps).fill([]));
  });

  it('has granted setup.yml enough permissions, for both sides', () => {
    const given = { ...pipelines, 'source-container': CONTAINER, 'target-container': CONTAINER };
    const read = (inputs: Inputs) =>
      readProvisioningRequest((input) => inputs[input] ?? setup.inputs[input]?.default ?? '');

    expect(stepsOf('setup', given).map((inputs) => read(inputs).state)).toEqual(['present', 'present']);
    expect(stepsOf('setup', { ...pipelines, state: 'rotate' }).map((inputs) => read(inputs).state)).toEqual([
      'rotate',
      'rotate',
    ]);
    expect(stepsOf('setup', { ...pipelines, state: 'absent' }).map((inputs) => read(inputs).state)).toEqual([
      'absent',
      'absent',
    ]);
  });
});

describe('a caller that grants all permissions', () => {
  const all = { ...pipelines, ...sides, ...audiences };

  it.each<{ name: WorkflowName; given: Inputs; secrets?: Inputs }>([
    {
      name: 'transfer',
      given: {
        ...{
          artifacts: 'team/api:v1',
          incremental: 'target',
          'include-referrers': 'false',
          'transfer-name': 'train/1',
        },
        ...{ 'on-drift': 'continue', 'max-artifacts-per-run': '7', 'max-parallel-runs': '3', 'timeout-minutes': '9' },
        ...carrying,
        ...all,
      },
      secrets: { 'source-sas': SAS, 'target-sas': SAS },
    },
    {
      name: 'transfer',
      given: { artifacts: 'team/api:v1', ...pipelines, ...sides },
      secrets: { 'source-client-secret': 'abcd', 'target-client-secret': 'abcd' },
    },
    {
      name: 'sync',
      given: { artifacts: 'team/api:v1', incremental: 'history', ...carrying, ...all },
      secrets: { 'source-sas': SAS, 'target-sas': SAS },
    },
    {
      name: 'export',
      given: {
        ...{ artifacts: 'team/api:v1', incremental: 'receipt', receipts: '/mnt/in/*.receipt.json', cleanup: '30' },
        ...{ 'max-blob-size': '4GiB', 'source-container': CONTAINER, 'import-pipeline': IMPORT_PIPELINE },
        ...{ 'export-pipeline': EXPORT_PIPELINE, 'source-tenant-id': GUID, 'source-client-id': GUID },
      },
      secrets: { 'source-sas': SAS },
    },
    {
      name: 'import',
      given: {
        ...{ manifest: 'train/1.transfer.json', 'import-by': 'trigger', cleanup: '30', 'target-container': CONTAINER },
        ...{ 'import-pipeline': IMPORT_PIPELINE, 'target-tenant-id': GUID, 'target-client-id': GUID },
      },
      secrets: { 'target-sas': SAS },
    },
  ])('is used unchanged by $name.yml', ({ name, given, secrets }) => {
    for (const inputs of stepsOf(name, given, secrets)) expect(problemsOf(inputs)).toEqual([]);
  });

  it('has the documented handoff in the job `handoff`', () => {
    const given = { artifacts: 'team/api:v1', ...carrying, ...pipelines };
    const requests = stepsOf('transfer', given).map((inputs) => requestOf(inputs));

    expect(requests[1]).toMatchObject({
      mode: 'full',
      order: { kind: 'approved', place: '/tmp/acr-transfer-plan/plan.json', shard: { number: 2, of: 3 } },
      handoff: { method: 'server', overwrite: true, tier: 'Cool', maxBlobBytes: 4 * 1024 ** 3 },
    });
  });
});
