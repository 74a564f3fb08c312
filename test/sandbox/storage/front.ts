import type { IncomingMessage } from 'node:http';
import { HttpAnswer } from '../http.ts';
import type { Exchange, Route } from '../http.ts';
import { azuriteToken } from './authorization.ts';
import type { Authorize, Resource } from './authorization.ts';
import { copyKindOf } from './copy.ts';
import type { Copier, CopyKind } from './copy.ts';
import { COPIER_HEADER } from './copy-source.ts';
import { checkRangeMd5, isUncheckedMd5, relayWithMd5 } from './range-md5.ts';
import { authenticationFailed, challenged, firewalled, Refusal, refuse } from './refusal.ts';
import type { TrafficMeter } from './traffic.ts';
import { passOn, relay } from './upstream.ts';
import type { Changes, Upstream } from './upstream.ts';

/** Everything that the front end needs. */
export interface FrontParts {
  readonly authorize: Authorize;
  /** Whether the account is closed to the network. */
  readonly isClosed: () => boolean;
  /** Number of days by which the last write of every blob is earlier. */
  readonly ageDays: () => number;
  /** Whether the account's firewall admits another account that copies. */
  readonly admits: (copyingAccount: string) => boolean;
  readonly upstream: Upstream;
  readonly copier: Copier;
  readonly meter: TrafficMeter;
  readonly tenantId: string;
  /** The tenant's authority URL, for challenges. */
  readonly tenantAuthority: string;
}

const METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'OPTIONS'];
const BODILESS = new Set(['GET', 'HEAD', 'OPTIONS']);

function resourceOf({ request, url }: Exchange): Resource {
  const [, , container] = url.pathname.split('/');
  return { method: request.method ?? 'GET', url, container: container === '' ? undefined : container };
}

/** Put Blob and Put Block, with the bytes in the request. */
function isUpload({ request, url }: Exchange): boolean {
  const [operation, source] = [url.searchParams.get('comp'), request.headers['x-ms-copy-source']];
  return request.method === 'PUT' && source === undefined && (operation === null || operation === 'block');
}

/** Get Blob, except by another account that copies. */
const isDownload = ({ request, url }: Exchange): boolean =>
  request.method === 'GET' && !url.searchParams.has('comp') && request.headers[COPIER_HEADER] === undefined;

/** Azurite's codes for an invalid signature: the first for a SAS, the second for a shared key. */
const UNAUTHENTICATED = ['AuthorizationFailure', 'InvalidAuthenticationInfo'];

const isInternal = (name: string): boolean => name === COPIER_HEADER;

/**
 * Forwards the request, and replaces Azurite's texts where they differ: the service returns AuthenticationFailed
 * (floci-io/floci-az#89), and 401 with a challenge without credentials (Microsoft Learn, "Authorize with Microsoft Entra ID",
 * bearer challenge).
 */
async function forward(
  { upstream, tenantAuthority, meter }: FrontParts,
  exchange: Exchange,
  authorization: string | undefined,
): Promise<IncomingMessage> {
  const { request, url } = exchange;
  const method = request.method ?? 'GET';
  if (isUpload(exchange)) meter.watch(request, 'uploaded', url);
  const answer = await upstream.send({
    method,
    path: request.url ?? '/',
    headers: passOn(request.rawHeaders, isInternal, authorization === undefined ? {} : { authorization }),
    ...(BODILESS.has(method) ? {} : { body: request }),
  });
  if (!UNAUTHENTICATED.includes(String(answer.headers['x-ms-error-code']))) return answer;
  answer.resume();
  const anonymous = authorization === undefined && !url.searchParams.has('sig');
  throw anonymous
    ? challenged('NoAuthenticationInformation', tenantAuthority)
    : authenticationFailed('Signature did not match.');
}

/**
 * A copy with a shared key or a SAS goes to Azurite first. Azurite checks the credential before it reads the source, and copies
 * if it can. If it then refuses the source, the copier reads the source with the account's permissions, because the key signed
 * other headers.
 */
async function serveCopy(
  parts: FrontParts,
  kind: CopyKind,
  exchange: Exchange,
  authorization: string | undefined,
): Promise<void> {
  if (authorization?.startsWith('Bearer ')) {
    await parts.copier.copy(kind, exchange, authorization);
    return;
  }
  const answer = await forward(parts, exchange, authorization);
  const status = answer.statusCode ?? 500;
  if (status < 300 || status === 403) {
    await relay(answer, exchange.response);
    return;
  }
  answer.resume();
  const key = authorization === undefined ? undefined : `Bearer ${azuriteToken('account-key', parts.tenantId)}`;
  await parts.copier.copy(kind, exchange, key);
}

/**
 * For a small blob without Content-MD5, Azurite computes one at a read. The service returns the property, and nothing if it
 * isn't set.
 */
const hasMadeUpMd5 = (answer: IncomingMessage, { request }: Exchange): boolean =>
  request.method === 'GET' && answer.statusCode === 200 && answer.headers['x-ms-blob-content-md5'] === undefined;

const DAY = 24 * 60 * 60 * 1000;

/** Last-Modified of an older blob. */
function aged(answer: IncomingMessage, days: number): Changes {
  const written = answer.headers['last-modified'];
  if (days === 0 || written === undefined) return {};
  return { add: { 'last-modified': new Date(Date.parse(written) - days * DAY).toUTCString() } };
}

async function handOver({ meter, ageDays }: FrontParts, exchange: Exchange, answer: IncomingMessage): Promise<void> {
  const { request, response, url } = exchange;
  const isContent = (answer.statusCode ?? 500) < 300;
  if (isContent && isDownload(exchange)) meter.watch(answer, 'downloaded', url);
  if (isUncheckedMd5(answer, request)) await relayWithMd5(answer, response);
  else {
    const drop = hasMadeUpMd5(answer, exchange) ? ['content-md5'] : [];
    await relay(answer, response, { ...aged(answer, ageDays()), drop });
  }
}

async function serve(parts: FrontParts, exchange: Exchange): Promise<void> {
  const { request, url } = exchange;
  if (parts.isClosed()) throw firewalled();
  const copying = request.headers[COPIER_HEADER];
  if (copying !== undefined && !parts.admits(String(copying))) throw firewalled();
  const authorization = await parts.authorize(request, resourceOf(exchange));
  const kind = copyKindOf(request, url);
  if (kind !== null) {
    await serveCopy(parts, kind, exchange, authorization);
    return;
  }
  checkRangeMd5(request);
  await handOver(parts, exchange, await forward(parts, exchange, authorization));
}

function answerFailure({ request, response }: Exchange, error: unknown): void {
  if (response.headersSent || error instanceof HttpAnswer || !(error instanceof Refusal)) throw error;
  refuse(request, response, error.facts);
}

/** One route for all requests of an account. */
export const frontRoutes = (parts: FrontParts): Route[] =>
  METHODS.map((method) => ({
    method,
    pattern: /^\//,
    handle: (exchange) =>
      serve(parts, exchange).catch((error: unknown) => {
        answerFailure(exchange, error);
      }),
  }));
