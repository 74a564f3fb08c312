import { describe, expect, it } from '@jest/globals';
import { readLiveSettings, type LiveReading, type LiveSettings } from '../../live/settings.ts';
import type { Environment } from '../../live/variables.ts';

const pipeline = (registry: string, kind: string): string =>
  `/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/${registry}/${kind}Pipelines/pipeline1`;

const TENANT = '11111111-1111-4111-8111-111111111111';
const CLIENT = '22222222-2222-4222-8222-222222222222';
const OTHER = '33333333-3333-4333-8333-333333333333';

const PLACES = {
  LIVE_EXPORT_PIPELINE: pipeline('nearby', 'export'),
  LIVE_IMPORT_PIPELINE: pipeline('faraway', 'import'),
  LIVE_PREFIX: 'live/tests',
};
const IDENTITY = { LIVE_SOURCE_TENANT_ID: TENANT, LIVE_SOURCE_CLIENT_ID: CLIENT };
const GITHUB = { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://example.com/token', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'token' };
const COMPLETE = { ...PLACES, ...IDENTITY, ...GITHUB };

function ready(environment: Environment): LiveSettings {
  const reading = readLiveSettings(environment);
  if (reading.kind !== 'ready') throw new Error(reading.lines.join('\n'));
  return reading.settings;
}

const linesOf = (reading: LiveReading): readonly string[] => (reading.kind === 'ready' ? [] : reading.lines);

/** Which variables are complained about. */
const namedIn = (environment: Environment): readonly string[] =>
  linesOf(readLiveSettings(environment)).map((line) => /^\w+/.exec(line)?.[0] ?? line);

describe('without clouds', () => {
  it.each([
    { what: 'nothing', environment: {} },
    {
      what: 'what a workflow sets without variables',
      environment: { LIVE_PREFIX: '', LIVE_SIGN_IN: 'oidc', LIVE_FOLDER: '/tmp' },
    },
    { what: 'variables of other programs', environment: { LIVE_RELOAD: 'yes' } },
    { what: 'a job that has an id-token', environment: GITHUB },
  ])('is absent: $what', ({ environment }) => {
    expect(readLiveSettings(environment).kind).toBe('absent');
  });

  it('names the required inputs of the sign-in method', () => {
    expect(namedIn({ LIVE_SIGN_IN: 'secret' })).toEqual([
      'LIVE_EXPORT_PIPELINE',
      'LIVE_IMPORT_PIPELINE',
      'LIVE_PREFIX',
      'LIVE_SOURCE_TENANT_ID',
      'LIVE_SOURCE_CLIENT_ID',
      'LIVE_SOURCE_CLIENT_SECRET',
    ]);
    expect(namedIn({ LIVE_SIGN_IN: 'environment' })).toEqual(Object.keys(PLACES));
  });
});

describe('one cloud', () => {
  it('uses the identity of the source for both sides', () => {
    const { sides, signIn, prefix } = ready(COMPLETE);
    expect({ signIn, prefix }).toEqual({ signIn: 'oidc', prefix: 'live/tests' });
    const identity = { kind: 'oidc', tenantId: TENANT, clientId: CLIENT, audience: null };
    expect(sides.target.request).toEqual({ cloud: 'azurecloud', identity, allowedHosts: [], sas: null });
    expect(sides.target.inputs).toEqual({
      'target-tenant-id': TENANT,
      'target-client-id': CLIENT,
      'import-pipeline': PLACES.LIVE_IMPORT_PIPELINE,
    });
    expect(sides.source.request).toEqual(sides.target.request);
  });

  it('is that of the source, also for a target with an identity of its own', () => {
    const { sides } = ready({
      ...COMPLETE,
      LIVE_SOURCE_CLOUD: 'AzureUSGovernment',
      LIVE_TARGET_TENANT_ID: TENANT,
      LIVE_TARGET_CLIENT_ID: OTHER,
    });
    expect(sides.target.request).toMatchObject({ cloud: 'azureusgovernment', identity: { clientId: OTHER } });
  });

  it('uses the environment of the process', () => {
    const { sides } = ready({ ...PLACES, LIVE_SIGN_IN: 'environment' });
    expect(sides.source.request.identity).toEqual({ kind: 'ambient' });
  });
});

describe('two clouds', () => {
  it('need an identity each', () => {
    expect(namedIn({ ...COMPLETE, LIVE_TARGET_CLOUD: 'azureusgovernment' })).toEqual([
      'LIVE_TARGET_TENANT_ID',
      'LIVE_TARGET_CLIENT_ID',
    ]);
  });

  it('accept client secrets too', () => {
    const { sides } = ready({
      ...PLACES,
      ...IDENTITY,
      LIVE_SIGN_IN: 'secret',
      LIVE_SOURCE_CLIENT_SECRET: 'one',
      LIVE_TARGET_CLOUD: 'https://management.example.com/',
      LIVE_TARGET_TENANT_ID: TENANT,
      LIVE_TARGET_CLIENT_ID: OTHER,
      LIVE_TARGET_CLIENT_SECRET: 'two',
    });
    expect(sides.target.request).toMatchObject({
      cloud: 'https://management.example.com',
      identity: { kind: 'secret', clientId: OTHER, clientSecret: 'two' },
    });
  });

  it("can't be accessed with the credentials of another process", () => {
    const environment = { ...PLACES, LIVE_SIGN_IN: 'environment', LIVE_TARGET_CLOUD: 'azureusgovernment' };
    expect(linesOf(readLiveSettings(environment))).toEqual([expect.stringContaining('serves one cloud')]);
  });
});

describe('mistakes', () => {
  it('are reported all at once', () => {
    const environment = {
      ...GITHUB,
      LIVE_EXPORT_PIPELINE: PLACES.LIVE_IMPORT_PIPELINE,
      LIVE_PREFIX: 'Live',
      LIVE_SIGN_IN: 'magic',
      LIVE_SOURCE_TENANT_ID: 'contoso',
      LIVE_SOURCE_CLOUD: 'azuremoon',
    };
    expect(readLiveSettings(environment).kind).toBe('wrong');
    expect([...new Set(namedIn(environment))].toSorted()).toEqual([
      'LIVE_EXPORT_PIPELINE',
      'LIVE_IMPORT_PIPELINE',
      'LIVE_PREFIX',
      'LIVE_SIGN_IN',
      'LIVE_SOURCE_CLIENT_ID',
      'LIVE_SOURCE_CLOUD',
      'LIVE_SOURCE_TENANT_ID',
    ]);
  });

  it.each([
    { name: 'LIVE_IMPORT_PIPELINE', changes: { LIVE_IMPORT_PIPELINE: pipeline('Nearby', 'import') } },
    { name: 'LIVE_TARGET_TENANT', changes: { LIVE_TARGET_TENANT: TENANT } },
    { name: 'LIVE_SOURCE_CLIENT_SECRET', changes: { LIVE_SOURCE_CLIENT_SECRET: 'never used' } },
  ])('are reported: $name', ({ name, changes }) => {
    expect(namedIn({ ...COMPLETE, ...changes })).toEqual([name]);
  });

  it('never contain a secret', () => {
    const environment = { ...COMPLETE, LIVE_SOURCE_CLIENT_SECRET: 'pasted', LIVE_SOURCE_TENANT_ID: '' };
    expect(linesOf(readLiveSettings(environment)).join('\n')).not.toContain('pasted');
  });
});
