import { describe, expect, it } from '@jest/globals';
import { createInspector } from '../../../../src/azure/access/inspector.ts';
import type { AccessInspector } from '../../../../src/transfer/ports/access-inspector.ts';
import { pipelineOf } from '../../transfer/ports/context.fixture.ts';
import { response, armWith, errorResponse } from '../arm/client.fixture.ts';

const ID = pipelineOf('export');
const SUBSCRIPTION = `/subscriptions/${ID.subscriptionId}`;
const ACCOUNTS = `${SUBSCRIPTION}/providers/Microsoft.Storage/storageAccounts`;
const VAULTS = `${SUBSCRIPTION}/providers/Microsoft.KeyVault/vaults`;
const ACCOUNT = `${SUBSCRIPTION}/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/account`;
const VAULT = `${SUBSCRIPTION}/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v`;
const CONTAINER = `${ACCOUNT}/blobServices/default/containers/transfer`;
const URI = 'https://account.blob.core.windows.net/transfer';
const SECRET = 'https://v.vault.azure.net/secrets/sas';

type Answers = Parameters<typeof armWith>[0];

const account = (name: string, blob: string | null, more = {}): unknown => ({
  id: ACCOUNT.replace('/account', `/${name}`),
  name,
  properties: { primaryEndpoints: blob === null ? null : { blob, file: 'https://f/' }, ...more },
});

const vault = (more = {}): Answers => ({
  [VAULTS]: response({ value: [{ id: VAULT, properties: { vaultUri: 'https://V.vault.azure.net/', ...more } }] }),
});

const listed = (...accounts: readonly unknown[]): Answers => ({ [ACCOUNTS]: response({ value: accounts }) });

const ACCOUNT_LIST = listed(
  account('files', null),
  account('account2', 'https://account2.blob.core.windows.net/'),
  account('account', 'https://account.blob.core.windows.net/'),
);

function inspectorWith(responses: Answers): {
  readonly inspect: AccessInspector;
  readonly requests: readonly string[];
} {
  const arm = armWith(responses);
  const inspect = createInspector(ID, {
    arm: () => Promise.resolve(arm),
    secrets: () => Promise.reject(new Error('no vault here')),
  });
  return { inspect, requests: arm.requests };
}

const permissions = (id: string, permission: Readonly<Record<string, readonly string[]>>): Answers => ({
  [`${id}/providers/Microsoft.Authorization/permissions`]: response({ value: [permission] }),
});

describe('the storage account', () => {
  it('is found by the URI of the container', async () => {
    expect(await inspectorWith(ACCOUNT_LIST).inspect.storageAccount(URI)).toEqual({
      ok: true,
      value: {
        name: 'account',
        resourceId: ACCOUNT,
        network: { publicAccess: true, restricted: false, trustedServices: true },
      },
    });
  });

  it.each([
    { uri: 'https://127.0.0.1:8443/one/transfer', name: 'one' },
    { uri: 'https://127.0.0.1:8443/One/transfer/', name: 'one' },
    { uri: 'https://127.0.0.1:8443/onetwo/transfer', name: 'onetwo' },
  ])('is found if accounts share a host: $uri', async ({ uri, name }) => {
    const responses = listed(
      account('one', 'https://127.0.0.1:8443/one/'),
      account('onetwo', 'https://127.0.0.1:8443/onetwo'),
    );
    expect(await inspectorWith(responses).inspect.storageAccount(uri)).toMatchObject({ ok: true, value: { name } });
  });

  it('has network rules', async () => {
    const more = { publicNetworkAccess: 'Disabled', networkAcls: { defaultAction: 'Deny', bypass: 'None' } };
    const responses = listed(account('account', 'https://account.blob.core.windows.net/', more));
    expect(await inspectorWith(responses).inspect.storageAccount(URI)).toMatchObject({
      value: { network: { publicAccess: false, restricted: true, trustedServices: false } },
    });
  });

  it.each([
    { name: 'of another subscription', responses: listed(), why: `no storage account of ${URI}` },
    {
      name: 'that cannot be listed',
      responses: { [ACCOUNTS]: errorResponse(403, 'AuthorizationFailed') },
      why: 'AuthorizationFailed',
    },
    {
      name: 'in an unexpected response',
      responses: { [ACCOUNTS]: response({ value: [{ id: 'x' }] }) },
      why: 'unexpected response',
    },
    { name: 'with an invalid endpoint', responses: listed(account('account', 'nowhere')), why: 'no storage account' },
  ])('$name is not observed', async ({ responses, why }) => {
    const { inspect } = inspectorWith(responses);
    const observation = { ok: false, problem: expect.stringContaining(why) };
    expect(await inspect.storageAccount(URI)).toEqual(observation);
    expect(await inspect.ownBlobPermissions(URI)).toEqual(observation);
    expect(await inspect.blobPermissions('p', URI)).toEqual(observation);
  });

  it('is listed once', async () => {
    const { inspect, requests } = inspectorWith(ACCOUNT_LIST);
    await Promise.all([
      inspect.storageAccount(URI),
      inspect.blobPermissions('p', URI),
      inspect.ownBlobPermissions(URI),
    ]);
    expect(requests.filter((id) => id === ACCOUNTS)).toHaveLength(1);
  });
});

describe('own permissions', () => {
  const blobs = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs';

  it('on a container', async () => {
    const responses = {
      ...ACCOUNT_LIST,
      ...permissions(CONTAINER, { dataActions: [`${blobs}/read`, `${blobs}/write`] }),
    };
    const value = { read: true, write: true, delete: false };
    expect(await inspectorWith(responses).inspect.ownBlobPermissions(URI)).toEqual({ ok: true, value });
  });

  it.each([
    { actions: ['*'], value: true },
    { actions: ['Microsoft.ContainerRegistry/registries/pipelineRuns/write'], value: true },
    { actions: ['*/read'], value: false },
  ])('to start runs by $actions: $value', async ({ actions, value }) => {
    const { inspect } = inspectorWith(permissions(ID.registryId, { actions }));
    expect(await inspect.canStartRuns()).toEqual({ ok: true, value });
  });

  it('that cannot be listed are not observed', async () => {
    expect(await inspectorWith({}).inspect.canStartRuns()).toMatchObject({ ok: false });
  });
});

describe('the reader of a secret', () => {
  const policy = (secrets: readonly string[], more = {}) =>
    vault({ accessPolicies: [{ objectId: 'P', permissions: { secrets }, ...more }] });

  it.each([
    { name: 'a policy', responses: policy(['List', 'Get']), value: true },
    { name: 'a policy for everything', responses: policy(['all']), value: true },
    { name: 'a policy for something else', responses: policy(['list']), value: false },
    { name: 'a policy for an application', responses: policy(['get'], { applicationId: 'a' }), value: false },
    { name: 'no policies', responses: vault({ accessPolicies: null }), value: false },
  ])('by $name: $value', async ({ responses, value }) => {
    expect(await inspectorWith(responses).inspect.canReadSecret('p', SECRET)).toEqual({ ok: true, value });
  });

  it('is not observed if a policy names another object, which might be a group', async () => {
    const responses = vault({ accessPolicies: [{ objectId: 'other', permissions: { secrets: ['get'] } }] });

    expect(await inspectorWith(responses).inspect.canReadSecret('p', SECRET)).toMatchObject({ ok: false });
  });

  it.each([
    { role: '4633458b-17de-408a-b874-0445c86b69e6', value: true },
    { role: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7', value: true },
    { role: '00482a5a-887f-4fb3-b363-3b7fe8e74483', value: true },
    { role: 'acdd72a7-3385-48ef-bd42-f606fba81ae7', value: false },
  ])('by role $role: $value', async ({ role, value }) => {
    const roleDefinitionId = `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${role}`;
    const assignments = `${VAULT}/secrets/sas/providers/Microsoft.Authorization/roleAssignments`;
    const { inspect } = inspectorWith({
      ...vault({ enableRbacAuthorization: true, accessPolicies: [] }),
      [`${assignments}?assignedTo('p')`]: response({ value: [{ properties: { scope: VAULT, roleDefinitionId } }] }),
    });
    expect(await inspect.canReadSecret('p', `${SECRET}/0123456789abcdef`)).toEqual({ ok: true, value });
  });

  it.each([
    { name: 'a vault that cannot be listed', uri: SECRET, responses: {}, why: 'key vaults' },
    { name: 'another vault', uri: 'https://w.vault.azure.net/secrets/sas', responses: vault(), why: 'no key vault at' },
    {
      name: 'a URI that is not a secret',
      uri: 'https://v.vault.azure.net/keys/sas',
      responses: vault(),
      why: 'not the address',
    },
    { name: 'an invalid URI', uri: 'v', responses: vault(), why: 'not the address' },
  ])('of $name is not observed', async ({ uri, responses, why }) => {
    expect(await inspectorWith(responses).inspect.canReadSecret('p', uri)).toEqual({
      ok: false,
      problem: expect.stringContaining(why),
    });
  });
});

describe('a secret', () => {
  it('of a vault that cannot be reached is not observed', async () => {
    expect(await inspectorWith({}).inspect.secret(SECRET)).toEqual({ ok: false, problem: 'no vault here' });
  });
});
