import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { parseOr404 } from '../../../../src/azure/arm/client.ts';
import { readPipeline, readRegistry } from '../../../../src/azure/arm/pipelines.ts';
import type { PipelineFacts, RegistryFacts } from '../../../../src/transfer/ports/pipelines.ts';
import { pipelineOf } from '../../transfer/ports/context.fixture.ts';
import { response, armWith, errorResponse } from './client.fixture.ts';

const EXPORT = pipelineOf('export');
const URI = 'https://account.blob.core.windows.net/transfer';

const SCHEMA = z.object({ a: z.number() });

describe('parseOr404', () => {
  it.each([
    { name: 'parses a successful response', received: response({ a: 1, more: 2 }), body: { a: 1 } },
    { name: 'returns null for 404', received: errorResponse(404, 'ResourceNotFound'), body: null },
  ])('$name', ({ received, body }) => {
    expect(parseOr404(armWith({}), received, SCHEMA, 'read it')).toEqual(body);
  });

  it.each([
    { status: 401, id: 'ACRT3002' },
    { status: 403, id: 'ACRT3002' },
    { status: 409, id: 'ACRT3009' },
    { status: 429, id: 'ACRT3009' },
    { status: 503, id: 'ACRT3009' },
  ])('HTTP $status is $id', ({ status, id }) => {
    const read = (): unknown => parseOr404(armWith({}), errorResponse(status, 'Code'), SCHEMA, 'read the pipeline p');

    expect(read).toThrow(expect.objectContaining({ facts: expect.objectContaining({ id, correlationId: 'c-1' }) }));
    expect(read).toThrow(/source side.*read the pipeline p: Code: words of the service/);
  });

  it.each([
    { name: 'another body', body: { a: 'one' } },
    { name: 'a page of HTML', body: '<html>' },
    { name: 'nothing', body: undefined },
  ])('throws for $name', ({ body }) => {
    const read = (): unknown => parseOr404(armWith({}), response(body), SCHEMA, 'read the pipeline p');

    expect(read).toThrow(/ACRT3009 .*read the pipeline p: unexpected response: \S/);
  });
});

const FACTS = {
  provisioningState: 'Succeeded',
  containerUri: URI,
  principalId: null,
  access: { kind: 'identity' },
  options: [],
  sourceTrigger: null,
};

const SECRET = 'https://vault.vault.azure.net/secrets/sas';

const read = (body: unknown, id = EXPORT): Promise<PipelineFacts | null> =>
  readPipeline(armWith({ [id.resourceId]: response(body) }), id);

describe('readPipeline', () => {
  it.each([
    {
      name: 'an export pipeline',
      properties: { provisioningState: 'Succeeded', target: { uri: URI }, options: ['OverwriteBlobs'] },
      facts: { options: ['OverwriteBlobs'] },
    },
    {
      name: 'an export pipeline without options',
      properties: { provisioningState: 'Succeeded', source: { uri: URI, keyVaultUri: null } },
      facts: {},
    },
    {
      name: 'options that are null',
      properties: { provisioningState: 'Succeeded', source: { uri: URI }, options: null },
      facts: {},
    },
    {
      name: 'options in another case, and an unknown one',
      properties: { provisioningState: 'Succeeded', source: { uri: URI }, options: ['overwriteTags', 'Hurry'] },
      facts: { options: ['OverwriteTags', 'Hurry'] },
    },
  ])('reads $name', async ({ properties, facts }) => {
    const body = { location: 'WESTUS', name: 'exporter', properties };

    expect(await read(body)).toEqual({ ...FACTS, ...facts });
  });

  it.each([
    { name: 'of the system', identity: { type: 'systemAssigned', principalId: 'p', tenantId: 't' }, principalId: 'p' },
    {
      name: 'of a user',
      identity: { type: 'userAssigned', userAssignedIdentities: { '/subscriptions/id': { principalId: 'u' } } },
      principalId: 'u',
    },
    {
      name: 'of a user without a principal yet',
      identity: { userAssignedIdentities: { id: null } },
      principalId: null,
    },
    { name: 'that is null', identity: null, principalId: null },
    { name: 'that is empty', identity: { type: 'none', principalId: '' }, principalId: null },
  ])('finds the principal of an identity $name', async ({ identity, principalId }) => {
    const properties = { provisioningState: 'Succeeded', target: { uri: URI } };

    expect(await read({ identity, properties })).toEqual({ ...FACTS, principalId });
  });

  it.each([
    { mode: 'SasToken', keyVaultUri: SECRET, access: { kind: 'sas', secretUri: SECRET } },
    { mode: undefined, keyVaultUri: SECRET, access: { kind: 'sas', secretUri: SECRET } },
    { mode: 'managedIdentity', keyVaultUri: SECRET, access: { kind: 'identity' } },
    { mode: 'ManagedIdentity', keyVaultUri: '', access: { kind: 'identity' } },
    { mode: 'ManagedIdentity', keyVaultUri: null, access: { kind: 'identity' } },
    { mode: undefined, keyVaultUri: undefined, access: { kind: 'identity' } },
  ])('reads the access of $mode with $keyVaultUri', async ({ mode, keyVaultUri, access }) => {
    const target = { uri: URI, keyVaultUri, storageAccessMode: mode };

    expect(await read({ properties: { provisioningState: 'Succeeded', target } })).toEqual({ ...FACTS, access });
  });

  it.each([
    { name: 'no trigger', trigger: undefined, state: 'enabled' },
    { name: 'null', trigger: null, state: 'enabled' },
    { name: 'an enabled trigger', trigger: { sourceTrigger: { status: 'Enabled' } }, state: 'enabled' },
    { name: 'a disabled trigger', trigger: { sourceTrigger: { status: 'disabled' } }, state: 'disabled' },
  ])('reads $name as a source trigger that is $state', async ({ trigger, state }) => {
    const properties = { provisioningState: 'Succeeded', source: { uri: URI }, trigger };

    expect(await read({ properties }, pipelineOf('import'))).toEqual({ ...FACTS, sourceTrigger: state });
  });

  it.each([
    { name: 'neither target nor source', properties: { provisioningState: 'Succeeded' } },
    {
      name: 'a container that is not a URL',
      properties: { provisioningState: 'Succeeded', target: { uri: 'transfer' } },
    },
  ])('rejects $name', async ({ properties }) => {
    await expect(read({ properties })).rejects.toHaveProperty('facts.id', 'ACRT3009');
  });

  it('returns null if the pipeline does not exist', async () => {
    expect(await readPipeline(armWith({}), EXPORT)).toBeNull();
  });
});

const readFacts = (properties: Readonly<Record<string, unknown>>): Promise<RegistryFacts | null> => {
  const body = { sku: { name: 'Premium' }, properties: { loginServer: 'r.azurecr.io', ...properties } };
  return readRegistry(armWith({ [EXPORT.registryId]: response(body) }), EXPORT);
};

describe('readRegistry', () => {
  it.each([
    { name: 'no policies', policies: undefined, allowed: true },
    { name: 'policies that are null', policies: null, allowed: true },
    { name: 'no policy on exports', policies: { quarantinePolicy: { status: 'disabled' } }, allowed: true },
    { name: 'a policy on exports that is null', policies: { exportPolicy: null }, allowed: true },
    { name: 'exports enabled', policies: { exportPolicy: { status: 'enabled' } }, allowed: true },
    { name: 'exports disabled', policies: { exportPolicy: { status: 'Disabled' } }, allowed: false },
  ])('allows exports with $name: $allowed', async ({ policies, allowed }) => {
    expect(await readFacts({ policies })).toEqual({
      loginServer: 'r.azurecr.io',
      sku: 'Premium',
      exportsAllowed: allowed,
      network: null,
    });
  });

  it('reads the network rules', async () => {
    const open = { publicNetworkAccess: 'Enabled', networkRuleSet: { defaultAction: 'Allow' } };
    const chosen = {
      publicNetworkAccess: 'Enabled',
      networkRuleSet: { defaultAction: 'Deny' },
      networkRuleBypassOptions: 'None',
    };

    expect([await readFacts(open), await readFacts(chosen)]).toMatchObject([
      { network: { publicAccess: true, restricted: false, trustedServices: true } },
      { network: { publicAccess: true, restricted: true, trustedServices: false } },
    ]);
  });
});
