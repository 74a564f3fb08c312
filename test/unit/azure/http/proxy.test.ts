/** Issue 20, C9: which requests go through the proxy of the environment, and how it is named. */
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { networkError, proxyOf, proxySettings, routeRequest } from '../../../../src/azure/http/index.ts';
import { idTokenError } from '../../../../src/azure/identity/id-token-error.ts';

const NAMES = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY', 'IDENTITY_ENDPOINT'];
const VARIABLES = NAMES.flatMap((name) => [name, name.toLowerCase()]);
const saved = VARIABLES.map((name) => [name, process.env[name]] as const);
const ARM = 'https://management.azure.com/subscriptions';
const PROXY = 'http://user:secret@proxy.example:3128';

const setVariables = (values: Readonly<Record<string, string>>): void => {
  for (const name of VARIABLES) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, values);
};

beforeEach(() => {
  setVariables({});
});

afterEach(() => {
  setVariables(Object.fromEntries(saved.filter((entry): entry is [string, string] => entry[1] !== undefined)));
});

describe('C9: proxyOf', () => {
  it.each([
    { name: 'nothing is set', env: {}, proxy: null },
    { name: 'the proxy has credentials', env: { HTTPS_PROXY: PROXY }, proxy: 'http://proxy.example:3128' },
    { name: 'the name is in lower case', env: { https_proxy: PROXY }, proxy: 'http://proxy.example:3128' },
    { name: 'the value has no scheme', env: { HTTPS_PROXY: '10.0.0.1:3128' }, proxy: 'http://10.0.0.1:3128' },
    { name: 'the proxy speaks TLS', env: { HTTPS_PROXY: 'https://proxy.example' }, proxy: 'https://proxy.example' },
  ])('$name', ({ env, proxy }) => {
    setVariables(env);
    expect(proxyOf(ARM)).toBe(proxy);
  });

  it.each([
    { entry: 'management.azure.com', bypassed: true },
    { entry: 'Management.AZURE.com', bypassed: true },
    { entry: 'azure.com', bypassed: true },
    { entry: '.azure.com', bypassed: true },
    { entry: 'example.com, .azure.com', bypassed: true },
    { entry: '*', bypassed: true },
    { entry: 'management.azure.com:443', bypassed: true },
    { entry: 'management.azure.com:444', bypassed: false },
    { entry: 'ment.azure.com', bypassed: false },
    { entry: 'com.', bypassed: false },
    { entry: ' , ', bypassed: false },
  ])('NO_PROXY $entry: bypassed $bypassed', ({ entry, bypassed }) => {
    setVariables({ HTTPS_PROXY: PROXY, NO_PROXY: entry });
    expect(proxyOf(ARM) === null).toBe(bypassed);
  });

  it.each([
    { entry: 'registry.example:8443', bypassed: true },
    { entry: 'registry.example:443', bypassed: false },
    { entry: 'registry.example', bypassed: true },
  ])('NO_PROXY $entry, for a host with a port: bypassed $bypassed', ({ entry, bypassed }) => {
    setVariables({ HTTPS_PROXY: PROXY, NO_PROXY: entry });
    expect(proxyOf('https://registry.example:8443/v2/') === null).toBe(bypassed);
  });

  it.each([
    { url: 'http://169.254.169.254/metadata/identity/oauth2/token', direct: true },
    { url: 'http://127.0.0.1:41234/msi/token', direct: true },
    { url: 'http://127.0.0.1:41235/msi/token', direct: false },
    { url: ARM, direct: false },
  ])('endpoints of managed identities are always bypassed: $url', ({ url, direct }) => {
    setVariables({ HTTPS_PROXY: PROXY, IDENTITY_ENDPOINT: 'http://127.0.0.1:41234/msi/token' });
    expect(proxyOf(url) === null).toBe(direct);
  });

  it.each(['ftp://proxy.example', 'http://[proxy]'])('rejects %s', (value) => {
    setVariables({ HTTPS_PROXY: value });
    expect(() => proxySettings()).toThrow(
      expect.objectContaining({ facts: expect.objectContaining({ id: 'ACRT2020' }) }),
    );
  });
});

describe('C9: routeRequest', () => {
  beforeEach(() => {
    setVariables({ HTTPS_PROXY: PROXY, NO_PROXY: 'localhost' });
  });

  it('removes the agent of the proxy from a request that bypasses it, and from no other', () => {
    const agent = new EventEmitter();
    const [direct, proxied] = [
      { url: 'https://localhost:1/', agent: agent as unknown },
      { url: ARM, agent: agent as unknown },
    ];
    routeRequest(direct);
    routeRequest(proxied);
    expect([direct.agent, proxied.agent]).toEqual([undefined, agent]);
  });

  it.each([
    { statusCode: 200, code: undefined },
    { statusCode: 403, code: 'PROXY_REFUSED' },
    { statusCode: 407, code: 'PROXY_REFUSED' },
    { statusCode: 500, code: 'PROXY_FAILED' },
    { statusCode: 503, code: 'PROXY_FAILED' },
  ])('turns the response $statusCode to CONNECT into the error $code', ({ statusCode, code }) => {
    const agent = new EventEmitter();
    let ended: unknown;
    const destroy = (error: Error): void => {
      ended = error;
    };
    // The second request with the agent adds no second listener.
    for (const url of [ARM, ARM]) routeRequest({ url, agent });
    expect(agent.listenerCount('proxyConnect')).toBe(1);
    agent.emit('proxyConnect', { statusCode, statusText: 'Filtered' }, { destroy });
    expect((ended as { code?: string } | undefined)?.code).toBe(code);
  });
});

describe('C9: an error', () => {
  const failure = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code });

  it.each([
    { code: 'ECONNREFUSED', id: 'ACRT2020' },
    { code: 'ENOTFOUND', id: 'ACRT2020' },
    { code: 'PROXY_REFUSED', id: 'ACRT2018' },
    { code: 'PROXY_FAILED', id: 'ACRT2018' },
    { code: 'ECONNRESET', id: 'ACRT2005' },
    { code: 'SELF_SIGNED_CERT_IN_CHAIN', id: 'ACRT2013' },
  ])('$code of a request through the proxy is $id and names it', ({ code, id }) => {
    setVariables({ HTTPS_PROXY: PROXY });
    const error = networkError(failure(code), ARM);
    expect(error?.facts.id).toBe(id);
    expect(error?.facts.message).toContain('http://proxy.example:3128');
    expect(error?.facts.message).not.toContain('secret');
  });

  it('of a request that bypasses the proxy does not name it', () => {
    setVariables({ HTTPS_PROXY: PROXY, NO_PROXY: '*' });
    const error = networkError(failure('ECONNREFUSED'), ARM);
    expect(error?.facts.id).toBe('ACRT2005');
    expect(error?.facts.message).not.toContain('proxy.example');
  });

  it.each([
    { text: 'tunneling socket could not be established, statusCode=407', id: 'ACRT2018' },
    { text: 'tunneling socket could not be established, cause=connect ECONNREFUSED 10.0.0.1:3128', id: 'ACRT2020' },
    { text: 'self-signed certificate in certificate chain', id: 'ACRT2013' },
    { text: 'Service Unavailable', id: 'ACRT2019' },
  ])('of the id-token, $text, is $id', ({ text, id }) => {
    setVariables({ HTTPS_PROXY: PROXY });
    expect(idTokenError(new Error(`Failed to get ID Token. \n \n Error Message: ${text}`)).facts.id).toBe(id);
  });
});
