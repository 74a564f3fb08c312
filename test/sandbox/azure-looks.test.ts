/** The exact requests of the inspector to ARM, and its results for responses that the sandbox never returns. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { AccessInspector } from '../../src/transfer/ports/access-inspector.ts';
import { openInspectScene } from './azure-inspect.fixture.ts';
import type { InspectScene } from './azure-inspect.fixture.ts';
import type { CloudDescription } from './description.ts';

let scene: InspectScene;

beforeAll(async () => {
  scene = await openInspectScene();
});

afterEach(async () => {
  await scene.sandbox.clearFaults('source');
});

afterAll(() => scene.close());

const cloud = (): CloudDescription => scene.sandbox.description.source;
const inspector = (): AccessInspector => scene.connect('source').inspector(scene.pipeline('source', 'managedIdentity'));

const answer = (path: string, body: unknown, status = 200): Promise<void> =>
  scene.sandbox.addFault('source', {
    service: 'arm',
    method: 'GET',
    path,
    times: 1,
    fault: { kind: 'answer', status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  });

const ACCOUNTS = String.raw`^/subscriptions/[^/]+/providers/Microsoft\.Storage/storageAccounts\?api-version=2023-05-01$`;
const CONTAINER =
  '/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a/blobServices/default/containers/';

const account = (blob: string): unknown => ({
  id: CONTAINER.slice(0, CONTAINER.indexOf('/blobServices')),
  name: 'a',
  properties: { primaryEndpoints: { blob } },
});

const here = (): unknown => account(`${cloud().storage.endpoint}/`);
const elsewhere = account('https://elsewhere.blob.core.windows.net/');

describe('lists', () => {
  it('go on at the page that ARM names, and are read once', async () => {
    const nextLink = `${cloud().arm}/subscriptions/s/more?api-version=2023-05-01&$skiptoken=x%2Fy`;
    await answer(ACCOUNTS, { value: [elsewhere], nextLink });
    await answer(String.raw`^/subscriptions/s/more\?api-version=2023-05-01&\$skiptoken=x%2Fy$`, { value: [here()] });
    const looks = inspector();
    const seen = { ok: true, value: { name: 'a' } };
    expect(await looks.storageAccount(cloud().storage.containerUri)).toMatchObject(seen);
    expect(await looks.storageAccount(cloud().storage.containerUri)).toMatchObject(seen);
  });

  it('do not continue at another host', async () => {
    await answer(ACCOUNTS, { value: [elsewhere], nextLink: 'https://elsewhere.example/subscriptions/s/more' });
    expect(await inspector().storageAccount(cloud().storage.containerUri)).toEqual({
      ok: false,
      problem: expect.stringContaining('another host: elsewhere.example'),
    });
  });

  it.each([
    {
      name: 'a refusal',
      status: 403,
      body: { error: { code: 'AuthorizationFailed', message: 'Not you. Go.' } },
      why: 'AuthorizationFailed: Not you.',
    },
    { name: 'no JSON', status: 200, body: 'surprise', why: 'unexpected response' },
    {
      name: 'another list',
      status: 200,
      body: { value: [{ id: 'https://elsewhere.example', name: 'a' }] },
      why: 'not a resource ID',
    },
  ])('are unknown after $name', async ({ status, body, why }) => {
    await answer(ACCOUNTS, body, status);
    expect(await inspector().storageAccount(cloud().storage.containerUri)).toEqual({
      ok: false,
      problem: expect.stringContaining(why),
    });
  });
});

describe('role assignments', () => {
  const roles = (name: string, filter: string): string => {
    const scope = `${CONTAINER}${name}/providers/Microsoft.Authorization/roleAssignments`;
    return String.raw`^${scope.replaceAll('.', String.raw`\.`)}\?api-version=2022-04-01&\$filter=${filter}$`;
  };
  const assignment = {
    properties: { scope: '/', roleDefinitionId: '/providers/r/ba92f5b4-2d11-453d-a403-e96b0029c9fe' },
  };
  const nameOf = (uri: string): string => uri.slice(uri.lastIndexOf('/') + 1);

  it('are requested with groups, and then without', async () => {
    const { containerUri } = cloud().storage;
    const refused = { error: { code: 'Forbidden', message: 'The directory is closed.' } };
    await answer(ACCOUNTS, { value: [here()] });
    await answer(roles(nameOf(containerUri), String.raw`assignedTo\((?:'|%27)p-1(?:'|%27)\)`), refused, 403);
    await answer(roles(nameOf(containerUri), `principalId%20eq%20(?:'|%27)p-1(?:'|%27)`), { value: [assignment] });
    expect(await inspector().blobPermissions('p-1', containerUri)).toEqual({
      ok: true,
      value: { read: true, write: true, delete: true },
    });
  });
});

describe('own rights', () => {
  const permissions = (id: string): string =>
    String.raw`^${id}/providers/Microsoft\.Authorization/permissions\?api-version=2022-04-01$`;

  it('are requested at the scope of the container', async () => {
    const { containerUri } = cloud().storage;
    const blobs = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs';
    await answer(ACCOUNTS, { value: [here()] });
    await answer(permissions(`${CONTAINER}[a-z]+`), {
      value: [{ actions: ['*'], notActions: [], dataActions: [`${blobs}/*`], notDataActions: [`${blobs}/delete`] }],
    });
    expect(await inspector().ownBlobPermissions(containerUri)).toEqual({
      ok: true,
      value: { read: true, write: true, delete: false },
    });
  });

  it('are requested at the scope of the registry', async () => {
    await answer(permissions(cloud().registry.id), {
      value: [{ actions: ['*'], notActions: ['*/pipelineRuns/write'] }],
    });
    expect(await inspector().canStartRuns()).toEqual({ ok: true, value: false });
  });
});

describe('the reader of a secret', () => {
  const VAULTS = String.raw`^/subscriptions/[^/]+/providers/Microsoft\.KeyVault/vaults\?api-version=2023-07-01$`;
  const ID = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v';
  const ROLE =
    '/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/00000000-0000-0000-0000-000000000001';

  it('is determined from the roles at the secret, including custom roles', async () => {
    const vault = { id: ID, properties: { vaultUri: `${cloud().vault}/`, enableRbacAuthorization: true } };
    const permission = { dataActions: ['Microsoft.KeyVault/vaults/secrets/*'] };
    await answer(VAULTS, { value: [vault] });
    await answer(`^${ID}/secrets/sas/providers/Microsoft.Authorization/roleAssignments`, {
      value: [{ properties: { scope: ID, roleDefinitionId: ROLE } }],
    });
    await answer(String.raw`^${ROLE}\?api-version=2022-04-01$`, { properties: { permissions: [permission] } });
    const look = await inspector().canReadSecret('p-1', `${cloud().vault}/secrets/sas`);
    expect(look).toEqual({ ok: true, value: true });
  });
});

describe('the portal of an unknown cloud', () => {
  it.each([
    { told: 'https://portal.local.azurestack.external/', portal: 'https://portal.local.azurestack.external' },
    { told: 'https://me:secret@portal.example/start/?q=1#x', portal: 'https://portal.example/start' },
    { told: 'http://portal.example', portal: null },
    { told: 'javascript:alert(1)', portal: null },
    { told: 'portal', portal: null },
    { told: 7, portal: null },
    { told: undefined, portal: null },
  ])('is $portal if its metadata contains $told', async ({ told, portal }) => {
    const authentication = { loginEndpoint: cloud().entra, audiences: [cloud().arm] };
    await answer('^/metadata/endpoints', { name: 'own', portal: told, authentication });
    expect(await scene.connect('source').portal()).toBe(portal);
  });
});
