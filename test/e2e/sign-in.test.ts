import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { REPORT } from '../../src/transfer/documents/report-schema.ts';
import { sandboxEnvironment, sideInputs, type Inputs } from './runner.ts';
import { documentAt, openScene, shownIds, smallImage, type Scene } from './scene.ts';

let scene: Scene;
let artifacts: string;

beforeAll(async () => {
  scene = await openScene();
  artifacts = (await scene.push('source', 'team/signed', { v1: await smallImage('signed') })).join('\n');
});

afterAll(async () => {
  await scene.close();
});

const exportBy = (inputs: Inputs): Inputs => ({
  mode: 'export',
  artifacts,
  ...sideInputs('source', scene.clouds),
  ...inputs,
});

describe('signing in', () => {
  it.each(['oidc', 'secret'] as const)('works by %s', async (by) => {
    const result = await scene.step(exportBy(sideInputs('source', scene.clouds, by)));
    expect(shownIds(result)).toEqual([]);
    expect(result.outputs['status']).toBe('succeeded');
  });

  it('works with the managed identity of the runner', async () => {
    const { endpoint, header } = scene.clouds.source.managedIdentity;
    const inputs = { mode: 'export', artifacts, ...sideInputs('source', scene.clouds, 'managed-identity') };
    const result = await scene.step(inputs, { env: { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header } });
    expect(shownIds(result)).toEqual([]);
    expect(result.outputs['status']).toBe('succeeded');
  });

  it('uses the credentials from the environment of the job', async () => {
    const { client, tenantId, arm, pipelines } = scene.clouds.source;
    const env = {
      AZURE_TENANT_ID: tenantId,
      AZURE_CLIENT_ID: client.clientId,
      AZURE_CLIENT_SECRET: client.clientSecret,
    };
    const inputs = { mode: 'export', artifacts, 'source-cloud': arm, 'export-pipeline': pipelines.managedIdentity };
    const result = await scene.step(inputs, { env });
    expect(shownIds(result)).toEqual([]);
    expect(result.outputs['status']).toBe('succeeded');
  });

  describe("C1: the audience of a registry's token", () => {
    const OWN = 'https://containerregistry.azure.net';

    afterEach(async () => {
      await scene.sandbox.settings('source', {
        registry: { azureADAuthenticationAsArmPolicy: 'enabled' },
        directory: { registryAudience: 'known' },
      });
    });

    it.each(['enabled', 'disabled'] as const)('is its own if tokens for ARM are %s', async (policy) => {
      await scene.sandbox.settings('source', { registry: { azureADAuthenticationAsArmPolicy: policy } });
      const result = await scene.step(exportBy({ 'transfer-name': `as-arm-${policy}` }));
      expect(shownIds(result)).toEqual([]);
      expect(result.outputs['status']).toBe('succeeded');
      expect(result.log.match(new RegExp(` accepts tokens for ${OWN}\\.$`, 'gm'))).toHaveLength(1);
    });

    it.each(['oidc', 'managed-identity'] as const)(
      "is that of ARM if the tenant doesn't have its own: %s",
      async (by) => {
        await scene.sandbox.settings('source', { directory: { registryAudience: 'unknown' } });
        const { endpoint, header } = scene.clouds.source.managedIdentity;
        const inputs = { ...sideInputs('source', scene.clouds, by), mode: 'export', artifacts };
        const env = by === 'oidc' ? {} : { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header };
        const result = await scene.step({ ...inputs, 'transfer-name': `unknown-${by}` }, { env });
        expect(shownIds(result)).toEqual([]);
        expect(result.outputs['status']).toBe('succeeded');
        expect(result.log).toMatch(/ accepts tokens for https:\/\/management\.core\.source\.sandbox\/?\.$/m);
      },
    );

    it('is refused with the words of the registry if neither is accepted', async () => {
      await scene.sandbox.settings('source', {
        registry: { azureADAuthenticationAsArmPolicy: 'disabled' },
        directory: { registryAudience: 'unknown' },
      });
      const result = await scene.step(exportBy({ 'transfer-name': 'no-audience' }));
      expect(result.exitCode).toBe(1);
      expect(result.log).toContain('token validation failed');
    });
  });

  it('A8: names the identity of the job in log, summary and report, and never shows its token', async () => {
    const { client, tenantId, arm, pipelines } = scene.clouds.source;
    const env = {
      AZURE_TENANT_ID: tenantId,
      AZURE_CLIENT_ID: client.clientId,
      AZURE_CLIENT_SECRET: client.clientSecret,
    };
    const inputs = {
      mode: 'export',
      artifacts,
      'source-cloud': arm,
      'source-client-id': ' ',
      'source-tenant-id': '',
      'export-pipeline': pipelines.managedIdentity,
    };
    const result = await scene.step(inputs, { env });
    expect(shownIds(result)).toEqual([]);
    const named = `client ${client.clientId}, object ${client.objectId}, tenant ${tenantId}`;
    expect(result.log).toContain(`The source side signs in with the identity of the job: ${named}`);
    expect(result.summary).toContain(named);
    expect(documentAt(REPORT, result.outputs['report']).sides.source?.identity).toEqual({
      clientId: client.clientId,
      objectId: client.objectId,
      tenantId,
    });
    const chosen = await scene.step(exportBy(sideInputs('source', scene.clouds, 'secret')));
    expect(chosen.log).not.toContain('the identity of the job');
  });

  it.each([
    { name: 'a tenant', inputs: { 'source-tenant-id': '11111111-1111-4111-8111-111111111111' } },
    { name: 'a secret', inputs: { 'source-client-secret': 'secret' } },
  ])('A8, D14: rejects $name without a client before any request', async ({ inputs }) => {
    const { arm, pipelines } = scene.clouds.source;
    const result = await scene.step({
      mode: 'export',
      artifacts,
      'source-cloud': arm,
      'export-pipeline': pipelines.managedIdentity,
      ...inputs,
    });
    expect(shownIds(result)).toEqual(['ACRT1001']);
    expect(result.log).toContain('source-client-id: is required');
    expect(result.log).not.toContain('CredentialUnavailableError');
  });

  it('fails with the missing permission if the job has no id-token', async () => {
    const env = { ...sandboxEnvironment(scene.clouds), ACTIONS_ID_TOKEN_REQUEST_URL: '' };
    const result = await scene.step(exportBy({}), { env });
    expect(result.exitCode).toBe(1);
    expect(shownIds(result)).toEqual(['ACRT2002']);
    expect(result.log).toContain('id-token: write');
  });

  it('fails if the audience differs from that of the federated credential', async () => {
    const result = await scene.step(exportBy({ 'source-audience': 'api://somewhere-else' }));
    expect(shownIds(result)).toEqual(['ACRT2009']);
    expect(result.log).toContain('AADSTS');
  });

  it('fails with a wrong secret, and does not show it', async () => {
    const secret = 'not-the-secret-of-this-app';
    const result = await scene.step(exportBy({ 'source-client-secret': secret }));
    expect(shownIds(result)).toEqual(['ACRT2008']);
    expect(result.log).toContain('AADSTS7000215');
    expect(result.log.replaceAll(/^::add-mask::.*$/gm, '') + result.summary).not.toContain(secret);
  });

  it("refuses the other cloud's identity", async () => {
    const { tenantId, client } = scene.clouds.target;
    const result = await scene.step(exportBy({ 'source-tenant-id': tenantId, 'source-client-id': client.clientId }));
    expect(result.exitCode).toBe(1);
    expect(shownIds(result)).toEqual(['ACRT2006']);
  });

  it("refuses the other cloud's SAS", async () => {
    const { source, target } = scene.clouds;
    const result = await scene.step({
      mode: 'handoff',
      blobs: 'some.tar',
      'source-container': source.storage.containerUri,
      'source-sas': target.storage.containerSas,
      'target-container': target.storage.containerUri,
      'target-sas': target.storage.containerSas,
    });
    expect(new Set(shownIds(result))).toEqual(new Set(['ACRT5015']));
    const refused = `The source container ${source.storage.containerUri} rejected the credential`;
    expect(result.log).toContain(`${refused}: HTTP 403 AuthenticationFailed\n`);
  });

  it("refuses the other cloud's certificate", async () => {
    const env = { NODE_EXTRA_CA_CERTS: scene.clouds.target.caFile };
    const result = await scene.step(exportBy(sideInputs('source', scene.clouds, 'secret')), { env });
    expect(shownIds(result)).toEqual(['ACRT2004']);
    expect(result.log).toContain('NODE_EXTRA_CA_CERTS');
  });
});
