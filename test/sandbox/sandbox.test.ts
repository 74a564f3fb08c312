import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { gone, isAlive } from './alive.ts';
import { spawnSandbox } from './client.ts';
import type { SandboxHandle } from './client.ts';
import { connectRegistry, image, registryLogin } from './content/index.ts';
import type { CloudDescription, SandboxDescription } from './description.ts';
import { hostSandbox } from './hosted.ts';
import { send } from './request.ts';
import { cloudClient } from './sandbox.fixture.ts';

let sandbox: SandboxHandle;
const source = (): CloudDescription => sandbox.description.source;
const target = (): CloudDescription => sandbox.description.target;

beforeAll(async () => {
  sandbox = await hostSandbox();
});
afterAll(async () => {
  await sandbox.stop();
});

async function pushImage(repository: string): Promise<string> {
  const registry = await connectRegistry(source());
  const { digest } = await registry.push(repository, await image({ seed: repository }), 'v1');
  registry.close();
  return digest;
}

async function digestAt(cloud: CloudDescription, repository: string): Promise<string | undefined> {
  const ca = readFileSync(cloud.caFile, 'utf8');
  const token = await registryLogin(cloud, ca)(`repository:${repository}:pull`);
  const answer = await send(`https://${cloud.registry.loginServer}/v2/${repository}/manifests/v1`, {
    ca,
    method: 'HEAD',
    headers: { authorization: `Bearer ${token}` },
  });
  return answer.headers['docker-content-digest'] as string | undefined;
}

async function copyBlob(blobName: string): Promise<void> {
  const blob = cloudClient(source()).container.getBlockBlobClient(blobName);
  const { metadata = {}, contentMD5 } = await blob.getProperties();
  const headers = contentMD5 && { blobContentMD5: contentMD5 };
  const options = { metadata, ...(headers && { blobHTTPHeaders: headers }) };
  await cloudClient(target())
    .container.getBlockBlobClient(blobName)
    .uploadData(await blob.downloadToBuffer(), options);
}

const blobOf = (name: string): { type: string; name: string } => ({ type: 'AzureStorageBlob', name });

describe('a transfer', () => {
  it.each(['managedIdentity', 'sasToken'] as const)(
    'arrives with the same digests, with %s pipelines',
    async (mode) => {
      const repository = `team/${mode.toLowerCase()}`;
      const digest = await pushImage(repository);
      const artifacts = [`${repository}:v1`];
      const exported = await cloudClient(source()).run(source().pipelines[mode], `export${mode}`, {
        artifacts,
        target: blobOf(`${mode}.tar`),
      });
      expect(exported).toMatchObject({ provisioningState: 'Succeeded', response: { status: 'Succeeded' } });
      await copyBlob(`${mode}.tar`);
      const imported = await cloudClient(target()).run(target().pipelines[mode], `import${mode}`, {
        source: blobOf(`${mode}.tar`),
      });
      expect(imported.provisioningState).toBe('Succeeded');
      expect(imported.response.catalogDigest).toBe(exported.response.catalogDigest);
      expect(await digestAt(target(), repository)).toBe(digest);
    },
  );

  it('is imported by the source trigger', async () => {
    const repository = 'team/triggered';
    const digest = await pushImage(repository);
    const request = { artifacts: [`${repository}:v1`], target: blobOf('triggered.tar') };
    await cloudClient(source()).run(source().pipelines.managedIdentity, 'exportTriggered', request);
    await sandbox.settings('target', { sourceTriggerSeconds: 0.1 });
    await copyBlob('triggered.tar');
    while ((await digestAt(target(), repository)) === undefined) await pause(50);
    await sandbox.settings('target', { sourceTriggerSeconds: 900 });
    expect(await digestAt(target(), repository)).toBe(digest);
  });

  it('fails if the pipeline has lost its role', async () => {
    await pushImage('team/norole');
    const roles = await sandbox.roles('source');
    await sandbox.setRoles(
      'source',
      roles.filter(({ container }) => container === undefined),
    );
    const run = await cloudClient(source()).run(source().pipelines.managedIdentity, 'withoutRole', {
      artifacts: ['team/norole:v1'],
      target: blobOf('norole.tar'),
    });
    await sandbox.setRoles('source', roles);
    expect(run.provisioningState).toBe('Failed');
    expect(run.response.pipelineRunErrorMessage).toMatch(/^Failed to access storage\..*403/);
  });

  it('fails if the vault refuses the SAS', async () => {
    await pushImage('team/novault');
    const roles = await sandbox.roles('source');
    await sandbox.setRoles(
      'source',
      roles.filter(({ role }) => role !== 'Key Vault Secrets User'),
    );
    const run = await cloudClient(source()).run(source().pipelines.sasToken, 'withoutVault', {
      artifacts: ['team/novault:v1'],
      target: blobOf('novault.tar'),
    });
    await sandbox.setRoles('source', roles);
    expect(run.response.pipelineRunErrorMessage).toMatch(/key vault.*not authorized/is);
  });
});

describe('the clouds', () => {
  it('do not trust each other: certificates and tokens of one are refused by the other', async () => {
    const ca = readFileSync(target().caFile, 'utf8');
    await expect(send(`${source().arm}/metadata/endpoints`, { ca })).rejects.toThrow(/certificate/);
    const foreign = await cloudClient(source()).token('https://vault.azure.net/.default');
    const headers = { authorization: `Bearer ${foreign}` };
    const vault = await send(`${target().vault}/secrets/transfersas?api-version=7.4`, { ca, headers });
    expect(vault.status).toBe(401);
    expect(vault.headers['www-authenticate']).toContain(target().tenantId);
  });

  it('return the SAS of their vault to callers with the role, and a challenge to others', async () => {
    const ca = readFileSync(source().caFile, 'utf8');
    const roles = await sandbox.roles('source');
    const { objectId: principalId } = source().client;
    const read = async (): Promise<{ status: number; body: string }> => {
      const headers = {
        authorization: `Bearer ${await cloudClient(source()).token('https://vault.azure.net/.default')}`,
      };
      return send(`${source().vault}/secrets/transfersas?api-version=7.4`, { ca, headers });
    };
    const withoutRole = roles.filter((held) => held.principalId !== principalId || !held.role.startsWith('Key Vault'));
    await sandbox.setRoles('source', withoutRole);
    expect((await read()).status).toBe(403);
    await sandbox.setRoles('source', roles);
    const { status, body } = await read();
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({
      value: `?${source().storage.containerSas}`,
      attributes: { enabled: true, exp: expect.any(Number) },
    });
  });
});

describe('control', () => {
  const ask = (): Promise<{ status: number }> => cloudClient(source()).arm('GET', source().registry.id);

  afterEach(async () => {
    await sandbox.clearFaults('source');
  });

  it('counts requests and applies faults, each as often as requested', async () => {
    await sandbox.resetRequests('source');
    const headers = { 'retry-after': '3' };
    await sandbox.addFault('source', {
      service: 'arm',
      path: '/registries/',
      times: 2,
      fault: { kind: 'answer', status: 429, headers },
    });
    const answers = [await ask(), await ask(), await ask()];
    expect(answers.map(({ status }) => status)).toEqual([429, 429, 200]);
    expect(answers[0]).toMatchObject({ headers });
    expect(await sandbox.requests('source')).toMatchObject({ arm: 6, entra: 3, vault: 0 });
  });

  it('resets connections', async () => {
    await sandbox.addFault('source', { service: 'arm', path: '/registries/', times: 1, fault: { kind: 'cut' } });
    await expect(ask()).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect((await ask()).status).toBe(200);
  });

  it('rejects unknown members', async () => {
    const wrong = { runs: { style: 'sideways' } } as unknown as Parameters<typeof sandbox.settings>[1];
    await expect(sandbox.settings('source', wrong)).rejects.toThrow(/400/);
    const { control, caFile } = sandbox.description;
    const ca = readFileSync(caFile, 'utf8');
    expect((await send(`${control.url}/clouds/source/roles`, { ca })).status).toBe(401);
  });
});

describe('processes', () => {
  it('are removed with its files when it is stopped', async () => {
    const other = await spawnSandbox({ settings: { tokenLifetimeSeconds: 60 } });
    const { pids, caFile } = other.description;
    expect([pids.length, pids.every(isAlive), (await other.settings('target')).tokenLifetimeSeconds]).toEqual([
      2,
      true,
      60,
    ]);
    await other.stop();
    await gone(pids);
    expect(existsSync(path.dirname(caFile))).toBe(false);
  });

  it('run until the signal to stop, if it is started manually', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'sandbox-by-hand-'));
    const main = path.join(import.meta.dirname, 'main.ts');
    const child = spawn(process.execPath, [main, '--folder', folder], { stdio: ['ignore', 'pipe', 'pipe'] });
    await once(child.stderr, 'data');
    const { pids, source } = JSON.parse(readFileSync(path.join(folder, 'sandbox.json'), 'utf8')) as SandboxDescription;
    const exported = String(await child.stdout.setEncoding('utf8').read());
    expect(exported).toContain(`export SOURCE_CLOUD='${source.arm}'\n`);
    child.kill('SIGTERM');
    await once(child, 'exit');
    await gone(pids);
    expect([child.exitCode, existsSync(folder)]).toEqual([0, false]);
  });

  it('stop cleanly after their callers have gone', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'sandbox-forgotten-'));
    const child = fork(path.join(import.meta.dirname, 'main.ts'), ['--folder', folder], { stdio: 'ignore' });
    child.disconnect();
    await once(child, 'exit');
    expect([child.exitCode, existsSync(folder)]).toEqual([0, false]);
  });

  it('end with the process that started them, even when it is killed', async () => {
    const parent = fork(path.join(import.meta.dirname, 'orphan.fixture.ts'), {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const [{ pids, caFile }] = (await once(parent, 'message')) as [SandboxDescription];
    parent.kill('SIGKILL');
    await gone(pids);
    expect(existsSync(path.dirname(caFile))).toBe(false);
  });
});
