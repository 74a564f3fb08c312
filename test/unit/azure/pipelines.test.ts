import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { bodyOrNull } from '../../../src/azure/arm.ts';
import { readPipeline, readRegistry } from '../../../src/azure/pipelines.ts';
import { pipelineOf } from '../transfer/world.ts';
import { answer, armWith, refusal } from './arm.fixture.ts';

const EXPORT = pipelineOf('export');
const URI = 'https://account.blob.core.windows.net/transfer';

const SCHEMA = z.object({ a: z.number() });

describe('bodyOrNull', () => {
  it.each([
    { name: 'a good answer', given: answer({ a: 1, more: 2 }), body: { a: 1 } },
    { name: '404', given: refusal(404, 'ResourceNotFound'), body: null },
  ])('$name', ({ given, body }) => {
    expect(bodyOrNull(armWith({}), given, SCHEMA, 'read it')).toEqual(body);
  });

  it.each([
    { status: 401, id: 'ACRT3002' },
    { status: 403, id: 'ACRT3002' },
    { status: 409, id: 'ACRT3009' },
    { status: 429, id: 'ACRT3009' },
    { status: 503, id: 'ACRT3009' },
  ])('HTTP $status is $id', ({ status, id }) => {
    const read = (): unknown => bodyOrNull(armWith({}), refusal(status, 'Code'), SCHEMA, 'read the pipeline p');

    expect(read).toThrow(expect.objectContaining({ facts: expect.objectContaining({ id, correlationId: 'c-1' }) }));
    expect(read).toThrow(/source side.*read the pipeline p: Code: words of the service/);
  });

  it.each([
    { name: 'another body', body: { a: 'one' } },
    { name: 'a page of HTML', body: '<html>' },
    { name: 'nothing', body: undefined },
  ])('tells that it does not understand $name', ({ body }) => {
    const read = (): unknown => bodyOrNull(armWith({}), answer(body), SCHEMA, 'read the pipeline p');

    expect(read).toThrow(/ACRT3009 .*read the pipeline p: the answer is not understood: \S/);
  });
});

describe('readPipeline', () => {
  it.each([
    {
      name: 'an export pipeline',
      properties: { provisioningState: 'Succeeded', target: { uri: URI }, options: ['OverwriteBlobs'] },
    },
    {
      name: 'an import pipeline without options',
      properties: { provisioningState: 'Succeeded', source: { uri: URI, keyVaultUri: null } },
    },
    {
      name: 'options that are null',
      properties: { provisioningState: 'Succeeded', source: { uri: URI }, options: null },
    },
  ])('reads $name', async ({ properties }) => {
    const body = { identity: { type: 'systemAssigned' }, location: 'WESTUS', name: 'exporter', properties };

    expect(await readPipeline(armWith({ [EXPORT.resourceId]: answer(body) }), EXPORT)).toEqual({
      provisioningState: 'Succeeded',
      containerUri: URI,
    });
  });

  it.each([
    { name: 'neither target nor source', properties: { provisioningState: 'Succeeded' } },
    { name: 'a container that is no URL', properties: { provisioningState: 'Succeeded', target: { uri: 'transfer' } } },
  ])('does not understand $name, and says so', async ({ properties }) => {
    const arm = armWith({ [EXPORT.resourceId]: answer({ properties }) });

    await expect(readPipeline(arm, EXPORT)).rejects.toHaveProperty('facts.id', 'ACRT3009');
  });

  it('finds nothing where nothing is', async () => {
    expect(await readPipeline(armWith({}), EXPORT)).toBeNull();
  });
});

describe('readRegistry', () => {
  it.each([
    { name: 'no policies', policies: undefined, allowed: true },
    { name: 'policies that are null', policies: null, allowed: true },
    { name: 'no policy on exports', policies: { quarantinePolicy: { status: 'disabled' } }, allowed: true },
    { name: 'a policy on exports that is null', policies: { exportPolicy: null }, allowed: true },
    { name: 'exports enabled', policies: { exportPolicy: { status: 'enabled' } }, allowed: true },
    { name: 'exports disabled', policies: { exportPolicy: { status: 'Disabled' } }, allowed: false },
  ])('allows exports with $name: $allowed', async ({ policies, allowed }) => {
    const body = { sku: { name: 'Premium' }, properties: { loginServer: 'r.azurecr.io', policies } };

    expect(await readRegistry(armWith({ [EXPORT.registryId]: answer(body) }), EXPORT)).toEqual({
      loginServer: 'r.azurecr.io',
      sku: 'Premium',
      exportsAllowed: allowed,
    });
  });
});
