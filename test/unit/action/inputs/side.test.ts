import { describe, expect, it } from '@jest/globals';
import { secretForms } from '../../../../src/action/runner/log.ts';
import type { SideRequest } from '../../../../src/transfer/model/request.ts';
import { GUID, MINIMAL, problemsOf, requestOf, type Inputs } from './request.fixture.ts';

const SAS = 'sv=2025-01-05&sr=c&sp=rl&sig=aB3%2Fx%2Bz%3D';

/** The source side of a request. */
function source(given: Inputs): SideRequest {
  const request = requestOf({ ...MINIMAL.export, ...given });
  if (!('source' in request)) throw new Error('there is no source side');
  return request.source;
}

const tenant = { 'source-tenant-id': GUID };
const client = { 'source-client-id': GUID };
const secret = { 'source-client-secret': 's3cr3t' };

describe('how a side signs in', () => {
  it.each([
    { name: 'nothing given', given: {}, identity: { kind: 'ambient' } },
    { name: 'a client', given: client, identity: { kind: 'managed-identity', clientId: GUID } },
    {
      name: 'both',
      given: { ...tenant, ...client },
      identity: { kind: 'oidc', tenantId: GUID, clientId: GUID, audience: null },
    },
    {
      name: 'both, with an audience',
      given: { ...tenant, ...client, 'source-audience': 'api://own' },
      identity: { kind: 'oidc', tenantId: GUID, clientId: GUID, audience: 'api://own' },
    },
    {
      name: 'both, with a secret',
      given: { ...tenant, ...client, ...secret },
      identity: { kind: 'secret', tenantId: GUID, clientId: GUID, clientSecret: 's3cr3t' },
    },
  ] as readonly { name: string; given: Inputs; identity: SideRequest['identity'] }[])(
    '$name',
    ({ given, identity }) => {
      expect(source(given).identity).toEqual(identity);
    },
  );

  it.each([
    { name: 'a secret alone', given: secret, inputs: ['source-tenant-id', 'source-client-id'] },
    { name: 'a secret without a client', given: { ...tenant, ...secret }, inputs: ['source-client-id'] },
    { name: 'a tenant that is no GUID', given: { ...client, 'source-tenant-id': 'x' }, inputs: ['source-tenant-id'] },
    { name: 'an audience without OIDC', given: { ...client, 'source-audience': 'a' }, inputs: ['source-audience'] },
    {
      name: 'an audience beside a secret, where it would be ignored',
      given: { ...tenant, ...client, ...secret, 'source-audience': 'a' },
      inputs: ['source-audience'],
    },
    {
      name: 'a wrong tenant beside an audience, once and not twice',
      given: { ...client, 'source-tenant-id': 'x', 'source-audience': 'a' },
      inputs: ['source-tenant-id'],
    },
  ] as readonly { name: string; given: Inputs; inputs: string[] }[])('rejects $name', ({ given, inputs }) => {
    expect(problemsOf({ ...MINIMAL.export, ...given }).map((line) => line.split(':')[0])).toEqual(inputs);
  });
});

describe('the cloud of a side', () => {
  it.each([
    { given: '', cloud: 'azurecloud' },
    { given: 'AzureUSGovernment', cloud: 'azureusgovernment' },
    { given: 'https://management.local.azurestack.external/', cloud: 'https://management.local.azurestack.external' },
    { given: 'https://127.0.0.1:8443', cloud: 'https://127.0.0.1:8443' },
  ])('$given is $cloud', ({ given, cloud }) => {
    expect(source(given === '' ? {} : { 'source-cloud': given }).cloud).toBe(cloud);
  });

  it.each([
    'azure',
    'http://management.x',
    'https://management.x/metadata',
    'https://management.x/?a=1',
    'management.x',
  ])('rejects %j', (cloud) => {
    expect(problemsOf({ ...MINIMAL.export, 'source-cloud': cloud })).toEqual([
      expect.stringMatching(/^source-cloud: .*azureusgovernment.*https:/),
    ]);
  });
});

describe('the SAS of a side', () => {
  it.each([SAS, `?${SAS}`])('is accepted with or without the question mark', (given) => {
    expect(source({ 'source-sas': given }).sas).toBe(SAS);
  });

  it.each([
    {
      name: 'an account key',
      given: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq==',
      hidden: 'Eby8vdM02x',
    },
    { name: 'a whole URL', given: `https://a.blob.x/c?${SAS}`, hidden: 'aB3%2Fx' },
    { name: 'half a SAS', given: 'sig=aB3%2Fx%2Bz%3D', hidden: 'aB3%2Fx' },
    { name: 'another secret', given: 'correct horse battery staple', hidden: 'battery' },
  ])('is rejected without being shown: $name', ({ given, hidden }) => {
    const problems = problemsOf({ ...MINIMAL.export, 'source-sas': given });

    expect(problems).toEqual([expect.stringMatching(/^source-sas: .*not a SAS/)]);
    expect(problems[0]).not.toContain(hidden);
  });
});

describe('secretForms', () => {
  it.each([
    { name: 'the secret', secret: 's3cr3t~Q', form: 's3cr3t~Q' },
    { name: 'the URL-encoded secret', secret: 'a/b+c=', form: 'a%2Fb%2Bc%3D' },
    { name: 'every line of it', secret: 'first\r\nsecond', form: 'second' },
    { name: 'the signature of a SAS', secret: SAS, form: 'aB3/x+z=' },
    { name: 'the signature as written in the SAS', secret: SAS, form: 'aB3%2Fx%2Bz%3D' },
    { name: 'the signature of a SAS with its question mark', secret: '?sig=abcdef&sv=1', form: 'abcdef' },
    { name: 'a signature that was never encoded', secret: 'sv=1&sig=aB3/x+z=', form: 'aB3/x+z=' },
    { name: 'such a signature, URL-encoded', secret: 'sv=1&sig=aB3/x+z=', form: 'aB3%2Fx%2Bz%3D' },
  ])('has $name', ({ secret: text, form }) => {
    expect(secretForms(text)).toContain(form);
  });

  it('has no form that is too short to be masked', () => {
    expect(secretForms('a\nbcd\nlong enough').every((form) => form.length > 3)).toBe(true);
    expect(secretForms('')).toEqual([]);
  });
});
