import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { AccessInspector, Observation, SecretFacts } from '../../src/transfer/ports/access-inspector.ts';
import type { CloudDescription, RoleAssignment } from './description.ts';
import type { FaultRule } from './fault-rule.ts';
import { openInspectScene } from './azure-inspect.fixture.ts';
import type { InspectScene } from './azure-inspect.fixture.ts';

let scene: InspectScene;

beforeAll(async () => {
  scene = await openInspectScene();
});

afterEach(async () => {
  await scene.sandbox.clearFaults('source');
});

afterAll(() => scene.close());

async function secretUri(): Promise<string> {
  const facts = await scene.connect('source').pipeline(scene.pipeline('source', 'sasToken'));
  if (facts?.access.kind !== 'sas') throw new Error('the pipeline has no secret');
  return facts.access.secretUri;
}

const lookAt = (uri: string): Promise<Observation<SecretFacts>> =>
  scene.connect('source').inspector(scene.pipeline('source', 'sasToken')).secret(uri);

/** A fault of the vault that applies only to signed requests. The first request gets the challenge. */
const vaultAnswers = (status: number, body: unknown): FaultRule => ({
  service: 'vault',
  skip: 1,
  times: 2,
  fault: { kind: 'answer', status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
});

const cloud = (): CloudDescription => scene.sandbox.description.source;

/** Inspects the source while some of its roles are missing. */
async function without<Seen>(
  isMissing: (assignment: RoleAssignment) => boolean,
  look: (inspector: AccessInspector) => Promise<Seen>,
): Promise<Seen> {
  const roles = await scene.sandbox.roles('source');
  const rest = roles.filter((assignment) => !isMissing(assignment));
  expect(rest.length).toBeLessThan(roles.length);
  await scene.sandbox.setRoles('source', rest);
  try {
    return await look(scene.connect('source').inspector(scene.pipeline('source', 'sasToken')));
  } finally {
    await scene.sandbox.setRoles('source', roles);
  }
}

const isOwn = ({ principalId }: RoleAssignment): boolean => principalId === cloud().client.objectId;

async function principalOf(access: 'managedIdentity' | 'sasToken'): Promise<string> {
  const facts = await scene.connect('source').pipeline(scene.pipeline('source', access));
  return facts?.principalId ?? '';
}

describe('pipelines', () => {
  it('have an identity that is in a role list', async () => {
    const facts = await scene.connect('source').pipeline(scene.pipeline('source', 'managedIdentity'));
    expect(facts).toMatchObject({ access: { kind: 'identity' }, options: ['OverwriteBlobs'], sourceTrigger: null });
    expect(await scene.sandbox.roles('source')).toContainEqual(
      expect.objectContaining({ principalId: facts?.principalId, role: 'Storage Blob Data Contributor' }),
    );
  });

  it('that import have a source trigger', async () => {
    const facts = await scene.connect('target').pipeline(scene.pipeline('target', 'sasToken'));
    expect(['enabled', 'disabled']).toContain(facts?.sourceTrigger);
  });
});

describe('the secret of a pipeline', () => {
  it('is parsed as a SAS, and its value is masked and not logged', async () => {
    const { vault } = scene.sandbox.description.source;
    const look = await lookAt(await secretUri());
    expect(look).toMatchObject({
      ok: true,
      value: { kind: 'found', enabled: true, sas: { scope: 'container', permissions: expect.stringContaining('r') } },
    });
    const sas = scene.masked.find((text) => text.includes('sig='));
    expect(sas).toBeDefined();
    expect(JSON.stringify(look)).not.toContain(new URLSearchParams(sas).get('sig'));
    expect(vault).toBe(new URL(await secretUri()).origin);
  });

  it("is missing if it doesn't exist, by name or by version", async () => {
    const { vault } = scene.sandbox.description.source;
    const missing = { ok: true, value: { kind: 'missing' } };
    expect(await lookAt(`${vault}/secrets/nothing`)).toEqual(missing);
    expect(await lookAt(`${await secretUri()}/0123456789abcdef0123456789abcdef`)).toEqual(missing);
  });

  it('is found when it is disabled', async () => {
    const message = 'Operation get is not allowed on a disabled secret.';
    const error = { code: 'Forbidden', message, innererror: { code: 'SecretDisabled' } };
    await scene.sandbox.addFault('source', vaultAnswers(403, { error }));
    expect(await lookAt(await secretUri())).toMatchObject({ ok: true, value: { kind: 'found', enabled: false } });
  });

  it.each([
    {
      status: 403,
      code: 'Forbidden',
      message: 'Caller is not authorized.\r\nCaller: oid=1',
      why: /Caller is not authorized\.$/,
    },
    { status: 400, code: 'BadParameter', message: 'no such version', why: /BadParameter: no such version/ },
    { status: 404, code: 'NotFound', message: 'no such page', why: /no such page/ },
  ])('is unknown if it is refused with $status', async ({ status, code, message, why }) => {
    await scene.sandbox.addFault('source', vaultAnswers(status, { error: { code, message } }));
    expect(await lookAt(await secretUri())).toEqual({ ok: false, problem: expect.stringMatching(why) });
  });

  it('is unknown without the role', async () => {
    const uri = await secretUri();
    const look = await without(
      (assignment) => isOwn(assignment) && assignment.role === 'Key Vault Secrets User',
      (inspector) => inspector.secret(uri),
    );
    expect(look).toEqual({ ok: false, problem: expect.stringContaining('Caller is not authorized') });
  });

  it('is not read from a vault that requests a token for another service', async () => {
    const challenge = `Bearer authorization="${scene.sandbox.description.source.entra}/t", resource="https://management.azure.com"`;
    await scene.sandbox.addFault('source', {
      service: 'vault',
      times: 5,
      fault: { kind: 'answer', status: 401, headers: { 'www-authenticate': challenge }, body: '' },
    });
    expect(await lookAt(await secretUri())).toEqual({
      ok: false,
      problem: expect.stringContaining('asks for a token of https://management.azure.com'),
    });
  });

  it("is unknown if the server doesn't respond", async () => {
    expect(await lookAt('https://127.0.0.1:1/secrets/sas')).toEqual({
      ok: false,
      problem: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

const ALL = { ok: true, value: { read: true, write: true, delete: true } };
const NONE = { ok: true, value: { read: false, write: false, delete: false } };
const refused = {
  ok: false,
  problem: expect.stringMatching(/AuthorizationFailed: The client .* or the scope is invalid\.$/),
};

describe('a side without problems', () => {
  it('shows the whole value', async () => {
    const inspector = scene.connect('source').inspector(scene.pipeline('source', 'sasToken'));
    const { containerUri, account } = cloud().storage;
    const looks = await Promise.all([
      inspector.storageAccount(containerUri),
      inspector.blobPermissions(await principalOf('managedIdentity'), containerUri),
      inspector.ownBlobPermissions(containerUri),
      inspector.canReadSecret(await principalOf('sasToken'), await secretUri()),
      inspector.canStartRuns(),
    ]);
    const network = { publicAccess: true, restricted: false, trustedServices: true };
    const may = { ok: true, value: true };
    expect(looks).toEqual([
      { ok: true, value: expect.objectContaining({ name: account, network }) },
      ALL,
      ALL,
      may,
      may,
    ]);
  });

  it('has a portal', async () => {
    expect(await scene.connect('source').portal()).toMatch(/^https:\/\/portal\..+[^/]$/);
  });
});

describe('missing rights', () => {
  it('of a pipeline on its container are found', async () => {
    const principalId = await principalOf('managedIdentity');
    const look = await without(
      (assignment) => assignment.principalId === principalId && assignment.role.startsWith('Storage'),
      (inspector) => inspector.blobPermissions(principalId, cloud().storage.containerUri),
    );
    expect(look).toEqual(NONE);
  });

  it.each([
    { authorization: 'rbac', missing: { ok: true, value: false } },
    { authorization: 'policies', missing: { ok: false, problem: expect.stringContaining('group') } },
  ] as const)('of a pipeline on its secret are found, by $authorization', async ({ authorization, missing }) => {
    await scene.sandbox.settings('source', { vault: { authorization } });
    const [principalId, uri] = [await principalOf('sasToken'), await secretUri()];
    const inspector = scene.connect('source').inspector(scene.pipeline('source', 'sasToken'));
    const [before, after] = [
      await inspector.canReadSecret(principalId, uri),
      await without(
        (assignment) => assignment.principalId === principalId,
        (other) => other.canReadSecret(principalId, uri),
      ),
    ];
    await scene.sandbox.settings('source', { vault: { authorization: 'rbac' } });
    expect([before, after]).toEqual([{ ok: true, value: true }, missing]);
  });

  it('of its own are found', async () => {
    const looks = await without(
      (assignment) => isOwn(assignment) && !['Reader', 'Key Vault Secrets User'].includes(assignment.role),
      (inspector) =>
        Promise.all([inspector.canStartRuns(), inspector.ownBlobPermissions(cloud().storage.containerUri)] as const),
    );
    expect(looks).toEqual([{ ok: true, value: false }, NONE]);
  });

  it('that prevent a check are reported, and stop nothing', async () => {
    const [principalId, uri] = [await principalOf('sasToken'), await secretUri()];
    const { containerUri } = cloud().storage;
    const looks = await without(
      (assignment) => isOwn(assignment) && assignment.role === 'Reader',
      (inspector) =>
        Promise.all([
          inspector.storageAccount(containerUri),
          inspector.blobPermissions(principalId, containerUri),
          inspector.ownBlobPermissions(containerUri),
          inspector.canReadSecret(principalId, uri),
        ]),
    );
    expect(looks).toEqual([refused, refused, refused, refused]);
  });
});

describe('networks', () => {
  it('of registry and storage are reported as configured', async () => {
    await scene.sandbox.settings('source', {
      registry: { publicNetworkAccess: 'Disabled', networkDefaultAction: 'Deny', networkRuleBypassOptions: 'None' },
      storage: { defaultAction: 'Deny', bypass: 'None' },
    });
    const [services, id] = [scene.connect('source'), scene.pipeline('source', 'sasToken')];
    const [registry, account] = [
      await services.registryFacts(id),
      await services.inspector(id).storageAccount(cloud().storage.containerUri),
    ];
    await scene.sandbox.settings('source', {
      registry: {
        publicNetworkAccess: 'Enabled',
        networkDefaultAction: 'Allow',
        networkRuleBypassOptions: 'AzureServices',
      },
      storage: { defaultAction: 'Allow', bypass: 'AzureServices' },
    });
    expect(registry?.network).toEqual({ publicAccess: false, restricted: true, trustedServices: false });
    expect(account).toMatchObject({
      value: { network: { publicAccess: true, restricted: true, trustedServices: false } },
    });
  });
});
