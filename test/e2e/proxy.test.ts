/** Issue 20, C9: steps behind a forward proxy, tinyproxy, which the environment sets. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { few } from '../tier.ts';
import { FAST } from './errors/case.ts';
import { withoutMasks } from './leaks.ts';
import { freePort, hasProxy, startProxy, type Proxy, type ProxyOptions } from './proxy.ts';
import { sideInputs, type Inputs } from './runner.ts';
import { openScene, shownIds, smallImage, type Scene } from './scene.ts';

const inCi = Boolean(process.env['CI']);
if (!hasProxy() && !inCi)
  console.warn('tinyproxy is not installed: its tests are skipped (apt-get install tinyproxy-bin)');

let scene: Scene;
let artifacts: string;
let proxy: Proxy | undefined;
let steps = 0;

const hostOf = (url: string): string => new URL(url).host;

async function start(options: ProxyOptions = {}): Promise<Proxy> {
  proxy = await startProxy(options);
  return proxy;
}

/** GitHub's client never sends requests to 127.0.0.1 through a proxy. 0.0.0.0 is the same interface. */
const idTokenUrl = (): string => scene.clouds.github.requestUrl.replace('127.0.0.1', '0.0.0.0');

const proxyEnv = (url: string, noProxy = ''): Record<string, string> => ({
  HTTPS_PROXY: url,
  NO_PROXY: noProxy,
  ACTIONS_ID_TOKEN_REQUEST_URL: idTokenUrl(),
});

function exportInputs(inputs: Inputs = {}): Inputs {
  steps += 1;
  const side = sideInputs('source', scene.clouds, 'oidc', 'sasToken');
  return { mode: 'export', artifacts, ...side, 'transfer-name': `proxy-${steps}`, ...inputs };
}

/** Every service that an export contacts. */
function hostsOfExport(): readonly string[] {
  const { arm, entra, vault, registry, storage } = scene.clouds.source;
  return [hostOf(arm), hostOf(entra), hostOf(vault), registry.loginServer, hostOf(storage.containerUri)];
}

(hasProxy() || inCi ? describe : describe.skip)('C9: a forward proxy', () => {
  beforeAll(async () => {
    scene = await openScene();
    artifacts = (await scene.push('source', 'team/proxied', { v1: await smallImage('proxied') })).join('\n');
  });

  afterEach(async () => {
    await proxy?.stop();
    proxy = undefined;
  });

  afterAll(async () => {
    await scene.close();
  });

  it('gets every request of a transfer: sign-in, id-token, ARM, registry, storage, vault', async () => {
    const { url, connects } = await start();
    const { target } = scene.clouds;
    const inputs = { ...exportInputs(), ...sideInputs('target', scene.clouds), mode: 'full' };
    const result = await scene.step(inputs, { env: proxyEnv(url) });
    expect({ ids: shownIds(result), status: result.outputs['status'] }).toEqual({ ids: [], status: 'succeeded' });
    const targetHosts = [hostOf(target.arm), hostOf(target.entra), target.registry.loginServer];
    const hosts = [...hostsOfExport(), ...targetHosts, hostOf(target.storage.containerUri), hostOf(idTokenUrl())];
    expect([...new Set(connects())].sort()).toEqual([...new Set(hosts)].sort());
  });

  it.each([
    { name: 'a host', entry: () => '127.0.0.1,0.0.0.0' },
    { name: 'a suffix', entry: () => 'example.com, .0.0.1, .0.0.0' },
    { name: 'an asterisk', entry: () => '*' },
  ])('is bypassed by $name in NO_PROXY', async ({ entry }) => {
    const { url, connects } = await start();
    const result = await scene.step(exportInputs(), { env: proxyEnv(url, entry()) });
    expect(shownIds(result)).toEqual([]);
    expect(connects()).toEqual([]);
  });

  it('is bypassed by one host with its port in NO_PROXY', async () => {
    const { url, connects } = await start();
    const arm = hostOf(scene.clouds.source.arm);
    const result = await scene.step(exportInputs(), { env: proxyEnv(url, arm) });
    expect(shownIds(result)).toEqual([]);
    const others = [...hostsOfExport(), hostOf(idTokenUrl())].filter((host) => host !== arm);
    expect([...new Set(connects())].sort()).toEqual([...new Set(others)].sort());
  });

  it('never gets requests for tokens of a managed identity', async () => {
    const { url, connects } = await start();
    const { endpoint, header } = scene.clouds.source.managedIdentity;
    const inputs = exportInputs(sideInputs('source', scene.clouds, 'managed-identity', 'sasToken'));
    const { 'source-tenant-id': _, ...byIdentity } = inputs;
    const env = { ...proxyEnv(url), IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header };
    const result = await scene.step(byIdentity, { env });
    expect(shownIds(result)).toEqual([]);
    expect(connects()).not.toContain(hostOf(endpoint));
    expect(connects()).toContain(hostOf(scene.clouds.source.arm));
  });

  it('gets its user name and password, is named in the log, and its password is masked', async () => {
    const { url } = await start({ login: { user: 'runner', password: 'of.the-proxy' } });
    const result = await scene.step(exportInputs(), {
      env: proxyEnv(url.replace('//', '//runner:of%2Ethe-proxy@')),
    });
    expect({ ids: shownIds(result), status: result.outputs['status'] }).toEqual({ ids: [], status: 'succeeded' });
    expect(result.log).toContain(`Requests go through the proxy ${url} (HTTPS_PROXY).`);
    expect(result.log).toContain('::add-mask::of.the-proxy');
    expect(result.log).toContain('::add-mask::of%252Ethe-proxy');
  });

  describe('is named, without its password, if it', () => {
    /** Only this host goes through the proxy. The first one that a step contacts decides the error. */
    const CONTACTS: readonly { name: string; direct: () => string }[] = [
      { name: 'ARM and all others', direct: () => '' },
      { name: 'the id-token service', direct: () => '127.0.0.1' },
      { name: 'storage', direct: () => everyHostBut(hostOf(scene.clouds.source.storage.containerUri)) },
      { name: 'the registry', direct: () => everyHostBut(scene.clouds.source.registry.loginServer) },
    ];
    // The same rule for each host: the gate tries one of them, another day another one.
    const contacts = few(CONTACTS, 1);
    const everyHostBut = (host: string): string =>
      [...hostsOfExport(), hostOf(idTokenUrl())].filter((one) => one !== host).join(',');

    const errorsOf = (log: string): string => [...log.matchAll(/^::error .*$/gm)].map(([line]) => line).join('\n');

    async function expectNamed(url: string, direct: string, id: string): Promise<string> {
      const env = { ...proxyEnv(url.replace('//', '//runner:of-the-proxy@'), direct), ...FAST };
      const result = await scene.step(exportInputs(), { env });
      expect({ ids: [...new Set(shownIds(result))], exitCode: result.exitCode }).toEqual({ ids: [id], exitCode: 1 });
      const errors = errorsOf(result.log);
      expect(errors).toContain(url);
      expect(withoutMasks(result.log) + result.summary).not.toContain('of-the-proxy');
      return errors;
    }

    it.each(contacts)("can't be reached: $name", async ({ direct }) => {
      const errors = await expectNamed(`http://127.0.0.1:${await freePort()}`, direct(), 'ACRT2020');
      expect(errors).toContain('ECONNREFUSED');
    });

    it.each(contacts)('refuses the host (403): $name', async ({ direct }) => {
      const { url } = await start({ refuses: true });
      expect(await expectNamed(url, direct(), 'ACRT2018')).toContain('HTTP 403');
    });

    it.each(contacts)('wants another password (407): $name', async ({ direct }) => {
      const { url } = await start({ login: { user: 'runner', password: 'another' } });
      expect(await expectNamed(url, direct(), 'ACRT2018')).toMatch(/HTTP 40[17]/);
    });

    it('has a value that is not a URL', async () => {
      const result = await scene.step(exportInputs(), { env: proxyEnv('http://[proxy]:1') });
      expect([...new Set(shownIds(result))]).toEqual(['ACRT2020']);
      expect(errorsOf(result.log)).toContain('HTTPS_PROXY');
    });
  });

  it('shows the page of a proxy that blocks a request within its connection', async () => {
    const { url } = await start();
    const body = '<!DOCTYPE html><title>Blocked by Contoso</title>';
    const fault = { kind: 'answer', status: 403, headers: { 'content-type': 'text/html' }, body } as const;
    await scene.sandbox.addFault('source', { service: 'arm', path: '/registries/', times: 1000, fault });
    const result = await scene.step(exportInputs(), { env: { ...proxyEnv(url), ...FAST } });
    await scene.sandbox.clearFaults('source');
    expect([...new Set(shownIds(result))]).toEqual(['ACRT2018']);
    expect(result.log).toContain(`Blocked by Contoso" (through the proxy ${url})`);
  });

  it('can replace certificates: the message names NODE_EXTRA_CA_CERTS', async () => {
    const { url } = await start();
    const env = { ...proxyEnv(url), NODE_EXTRA_CA_CERTS: scene.clouds.target.caFile };
    const secret = sideInputs('source', scene.clouds, 'secret', 'sasToken');
    const result = await scene.step(exportInputs(secret), { env });
    expect(shownIds(result)).toEqual(['ACRT2004']);
    expect(result.log).toContain('NODE_EXTRA_CA_CERTS');
  });
});
