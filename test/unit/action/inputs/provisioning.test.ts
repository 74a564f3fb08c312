import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { load } from 'js-yaml';
import { readProvisioningRequest } from '../../../../src/action/inputs/provisioning.ts';
import type { ProvisioningRequest } from '../../../../src/provisioning/request.ts';
import { TransferError } from '../../../../src/transfer/errors/transfer-error.ts';
import { EXPORT_PIPELINE, GUID, IMPORT_PIPELINE, type Inputs } from './request.fixture.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const { inputs: DEFINED } = load(readFileSync(join(ROOT, 'setup', 'action.yml'), 'utf8')) as {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
};

const CONTAINER = 'https://account.blob.core.windows.net/transfer';
const SECRET = 'https://vault.vault.azure.net/secrets/sas';
const IDENTITY =
  '/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/group/providers/Microsoft.ManagedIdentity/userAssignedIdentities/one';

/** Reads inputs as the runner passes them: inputs that are not set have their default of action.yml. */
const read = (inputs: Inputs): ProvisioningRequest =>
  readProvisioningRequest((input) => {
    if (!(input in DEFINED)) throw new Error(`${input} is no input of setup/action.yml`);
    return inputs[input] ?? DEFINED[input]?.default ?? '';
  });

function problemsOf(inputs: Inputs): readonly string[] {
  try {
    read(inputs);
    return [];
  } catch (error) {
    if (!(error instanceof TransferError) || error.facts.id !== 'ACRT1001') throw error;
    return error.facts.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
}

const EXPORT: Inputs = { pipeline: EXPORT_PIPELINE, container: CONTAINER };
const IMPORT: Inputs = { pipeline: IMPORT_PIPELINE, container: CONTAINER };

describe('the inputs of setup', () => {
  it('need only a pipeline and a container', () => {
    expect(read(EXPORT)).toEqual({
      state: 'present',
      pipeline: expect.objectContaining({ kind: 'export', name: 'exporter' }),
      side: { cloud: 'azurecloud', identity: { kind: 'ambient' }, allowedHosts: [], sas: null },
      dryRun: false,
      timeoutMinutes: 20,
      desired: {
        containerUri: CONTAINER,
        identity: { kind: 'system' },
        access: { kind: 'identity' },
        options: [],
        sourceTrigger: null,
      },
      life: { key: 'user-delegation', days: 7 },
    });
  });

  it('can set every property of an import pipeline', () => {
    const request = read({
      ...IMPORT,
      side: 'import',
      'storage-access-mode': 'SasToken',
      'secret-uri': `${SECRET}/`,
      options: 'overwritetags,\nDeleteSourceBlobOnSuccess OverwriteTags',
      'source-trigger': 'enabled',
      identity: IDENTITY,
      'sas-key': 'account-key',
      'sas-days': '90',
      cloud: 'AzureUSGovernment',
      'tenant-id': GUID,
      'client-id': GUID,
      'dry-run': 'true',
    });
    expect(request).toMatchObject({
      dryRun: true,
      side: { cloud: 'azureusgovernment', identity: { kind: 'oidc', tenantId: GUID } },
      desired: {
        identity: { kind: 'user', resourceId: IDENTITY },
        access: { kind: 'sas', secretUri: SECRET },
        options: ['OverwriteTags', 'DeleteSourceBlobOnSuccess'],
        sourceTrigger: 'enabled',
      },
      life: { key: 'account-key', days: 90 },
    });
  });

  it.each([
    { state: 'rotate', more: { 'sas-days': '3' }, expected: { life: { days: 3, key: 'user-delegation' } } },
    { state: 'absent', more: { 'delete-blobs': 'true' }, expected: { deleteBlobs: true } },
  ])('need only the pipeline for state $state', ({ state, more, expected }) => {
    expect(read({ state, pipeline: EXPORT_PIPELINE, ...more })).toMatchObject({ state, ...expected });
  });

  it('report all problems at once, with the input names of setup', () => {
    const problems = problemsOf({
      state: 'present',
      pipeline: '/subscriptions/x',
      container: 'transfer',
      'storage-access-mode': 'sas',
      'tenant-id': 'contoso',
      'client-secret': 'hidden-secret',
      'sas-days': '8',
    });
    expect(problems.map((problem) => problem.split(':')[0]).sort()).toEqual([
      'client-id',
      'container',
      'pipeline',
      'sas-days',
      'storage-access-mode',
      'tenant-id',
    ]);
    expect(problems.join()).not.toContain('source-');
    expect(problems.join()).not.toContain('hidden-secret');
  });

  it.each([
    { name: 'a missing pipeline', inputs: { container: CONTAINER }, problem: /^pipeline: is required/ },
    { name: 'a missing container', inputs: { pipeline: EXPORT_PIPELINE }, problem: /^container: is required/ },
    {
      name: 'the other side',
      inputs: { ...EXPORT, side: 'import' },
      problem: /^pipeline: .*export pipeline; use an import/,
    },
    {
      name: 'an option of the other side',
      inputs: { ...EXPORT, options: 'OverwriteTags' },
      problem: /^options: .*OverwriteBlobs/,
    },
    {
      name: 'a trigger of an export',
      inputs: { ...EXPORT, 'source-trigger': 'enabled' },
      problem: /^source-trigger: /,
    },
    {
      name: 'a missing secret',
      inputs: { ...EXPORT, 'storage-access-mode': 'SasToken' },
      problem: /^secret-uri: is required/,
    },
    { name: 'a secret without a SAS', inputs: { ...EXPORT, 'secret-uri': SECRET }, problem: /^secret-uri: .*SasToken/ },
    {
      name: 'a secret with its version',
      inputs: { ...EXPORT, 'storage-access-mode': 'SasToken', 'secret-uri': `${SECRET}/0123` },
      problem: /^secret-uri: .*without a version/,
    },
    { name: 'an identity by its name', inputs: { ...EXPORT, identity: 'mine' }, problem: /^identity: / },
    { name: 'a SAS in the container', inputs: { ...EXPORT, container: `${CONTAINER}?sig=x` }, problem: /^container: / },
    { name: 'a year by delegation', inputs: { ...EXPORT, 'sas-days': '365' }, problem: /^sas-days: .*1 to 7/ },
    {
      name: 'an input of another state',
      inputs: { state: 'rotate', pipeline: EXPORT_PIPELINE, 'delete-blobs': 'true' },
      problem: /^delete-blobs: .*it is for absent/,
    },
    {
      name: 'a container to tear down',
      inputs: { state: 'absent', ...EXPORT },
      problem: /^container: .*it is for present/,
    },
  ])('reject $name', ({ inputs, problem }) => {
    expect(problemsOf(inputs as Inputs)).toEqual([expect.stringMatching(problem)]);
  });
});
