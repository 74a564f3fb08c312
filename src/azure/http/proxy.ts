/**
 * Forward proxy of the environment.
 *
 * The SDK's proxy policy sends requests through the proxy. It accepts only hosts and `.suffix` in NO_PROXY, compares them
 * case-sensitively, and sends requests for managed identity tokens through the proxy too. GitHub's id-tokens are requested by
 * @actions/http-client, whose rules for NO_PROXY these follow.
 */
import type { ClientRequest } from 'node:http';
import { createDefaultHttpClient, type HttpClient, type ProxySettings } from '@azure/core-rest-pipeline';
import { transferError } from '../../transfer/errors/index.ts';

/** Variables that set the proxy, in the SDK's order. Each also exists in lower case. */
const PROXY_VARIABLES = ['HTTPS_PROXY', 'ALL_PROXY', 'HTTP_PROXY'];

/**
 * Endpoints of managed identities on hosts other than 169.254.169.254: App Service, Azure Arc and Cloud Shell (Microsoft:
 * "Managed identities in App Service", REST endpoint reference; "Authenticate against Azure resources with Azure Arc").
 */
const IDENTITY_VARIABLES = ['IDENTITY_ENDPOINT', 'MSI_ENDPOINT', 'IMDS_ENDPOINT'];

/** Link-local addresses (RFC 3927), which a proxy can't reach: 169.254.169.254 is that of the Instance Metadata Service. */
const LINK_LOCAL = '169.254.';

/** Code of the error of a request that the proxy refused. */
const PROXY_REFUSED = 'PROXY_REFUSED';

/** Code of the error of a request that the proxy couldn't send on. */
const PROXY_FAILED = 'PROXY_FAILED';

const read = (name: string): string => process.env[name] ?? process.env[name.toLowerCase()] ?? '';

/** The variable that sets the proxy, and its URL; null if it isn't an http URL. A missing scheme means http, as for curl. */
function readProxy(): { readonly variable: string; readonly url: URL | null } | null {
  const variable = PROXY_VARIABLES.find((candidate) => read(candidate) !== '');
  if (variable === undefined) return null;
  const value = read(variable);
  const url = URL.parse(value.includes('://') ? value : `http://${value}`);
  return { variable, url: url !== null && /^https?:$/.test(url.protocol) ? url : null };
}

/** The proxy of the environment, with its credentials; null without one. */
function proxyUrl(): URL | null {
  const proxy = readProxy();
  if (proxy === null || proxy.url !== null) return proxy?.url ?? null;
  const values = { proxy: `in ${proxy.variable}`, host: 'Azure', reason: 'its value is not an http URL' };
  throw transferError('ACRT2020', values);
}

const nameOf = ({ protocol, host }: URL): string => `${protocol}//${host}`;

/** The proxy of the environment. */
export interface EnvironmentProxy {
  /** Without its credentials. */
  readonly name: string;
  /** Name of the variable that sets it. */
  readonly variable: string;
  /** As written in the variable, maybe URL-encoded; empty without one. */
  readonly password: string;
}

/** The proxy of the environment; null without one, and for a value that isn't an http URL. The first request reports that. */
export function environmentProxy(): EnvironmentProxy | null {
  const proxy = readProxy();
  if (proxy === null || proxy.url === null) return null;
  return { name: nameOf(proxy.url), variable: proxy.variable, password: proxy.url.password };
}

const isIdentityEndpoint = ({ host, hostname }: URL): boolean =>
  hostname.startsWith(LINK_LOCAL) || IDENTITY_VARIABLES.some((name) => URL.parse(read(name))?.host === host);

/** Whether one entry of NO_PROXY matches: a host or its subdomains, or `.suffix`, each with or without a port, or `*`. */
function matches(entry: string, { hostname, port }: URL): boolean {
  if (entry === '*') return true;
  const suffix = entry.toLowerCase().replace(/^\./, '');
  return [hostname, `${hostname}:${port === '' ? '443' : port}`].some(
    (host) => host === suffix || host.endsWith(`.${suffix}`),
  );
}

/** Whether requests to a URL bypass the proxy. */
function isBypassed(url: URL): boolean {
  if (isIdentityEndpoint(url)) return true;
  const entries = read('NO_PROXY').split(',');
  return entries.some((entry) => entry.trim() !== '' && matches(entry.trim(), url));
}

/** Settings of the proxy for the SDK clients; undefined without a proxy. */
export function proxySettings(): ProxySettings | undefined {
  const url = proxyUrl();
  if (url === null) return undefined;
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  return { host: `${url.protocol}//${url.hostname}`, port, username: url.username, password: url.password };
}

/** The proxy, without its credentials; null without one. */
export function proxyName(): string | null {
  const url = proxyUrl();
  return url === null ? null : nameOf(url);
}

/** The proxy that requests to a URL are sent through, without its credentials; null if they are sent directly. */
export const proxyOf = (url: string): string | null => (isBypassed(new URL(url)) ? null : proxyName());

/** The parts of an agent of the SDK's proxy policy (https-proxy-agent) that are used here. */
interface ProxyAgent {
  readonly on: (event: 'proxyConnect', listener: (answer: ProxyAnswer, request: ClientRequest) => void) => void;
}

/** The response of a proxy to CONNECT. */
interface ProxyAnswer {
  readonly statusCode: number;
  readonly statusText: string;
}

/** The agent would return the proxy's response as if it came from the service. */
function refuse({ statusCode, statusText }: ProxyAnswer, request: ClientRequest): void {
  if (statusCode === 200) return;
  const code = statusCode >= 500 ? PROXY_FAILED : PROXY_REFUSED;
  request.destroy(Object.assign(new Error(`HTTP ${statusCode} ${statusText}`.trim()), { code }));
}

const prepared = new WeakSet<object>();

/**
 * Prepares a request after the SDK's proxy policy: bypasses the proxy where that policy doesn't, and turns a refusal of the proxy
 * into an error (PROXY_REFUSED, PROXY_FAILED).
 */
export function routeRequest(request: { readonly url: string; agent?: unknown }): void {
  if (request.agent === undefined) return;
  if (isBypassed(new URL(request.url))) {
    request.agent = undefined;
    return;
  }
  const agent = request.agent as ProxyAgent;
  if (prepared.has(agent)) return;
  prepared.add(agent);
  agent.on('proxyConnect', refuse);
}

const client = createDefaultHttpClient();

/** HTTP client of every SDK client. A policy wouldn't do: the managed identity credential drops those of its options. */
export const httpClient: HttpClient = {
  sendRequest: (request) => {
    routeRequest(request);
    return client.sendRequest(request);
  },
};
