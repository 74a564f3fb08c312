import type { Exchange, Route } from '../http.ts';
import type { Guard } from './guard.ts';
import { digestName, isDigest, repositoryName } from './name.ts';
import { covers, repositoryScope } from './scope.ts';
import type { Scope } from './scope.ts';
import type { Content } from './store.ts';
import { checkOffset, createSessions, progressHeaders } from './upload-session.ts';
import type { Session, Sessions } from './upload-session.ts';

function sendStored({ response }: Exchange, repository: string, digest: string): void {
  const location = `/v2/${repository}/blobs/${digest}`;
  response.writeHead(201, { location, 'docker-content-digest': digest, 'content-length': '0' }).end();
}

function sendProgress({ response }: Exchange, session: Session): void {
  response.writeHead(202, { ...progressHeaders(session), 'content-length': '0' }).end();
}

/** A mount that isn't possible becomes an ordinary upload (OCI distribution 1.1, "Mounting a blob from another repository"). */
function mount(content: Content, { url }: Exchange, name: string, granted: readonly Scope[]): string | null {
  const [digest, from] = [url.searchParams.get('mount'), url.searchParams.get('from')];
  if (digest === null || from === null || !isDigest(digest)) return null;
  if (!covers(granted, repositoryScope(from, 'pull')) || !content.holds(from, digest)) return null;
  content.ensure(name).blobs.add(digest);
  return digest;
}

const openName = async (exchange: Exchange, guard: Guard): Promise<{ name: string; granted: readonly Scope[] }> => {
  const name = repositoryName(exchange.params['name']);
  return { name, granted: await guard(exchange, repositoryScope(name, 'pull', 'push')) };
};

const startHandler =
  (content: Content, guard: Guard, sessions: Sessions): Route['handle'] =>
  async (exchange) => {
    const { name, granted } = await openName(exchange, guard);
    const query = exchange.url.searchParams;
    const mounted = mount(content, exchange, name, granted);
    if (mounted !== null) {
      sendStored(exchange, name, mounted);
    } else if (query.has('digest')) {
      const digest = digestName(query.get('digest'));
      await sessions.finish(exchange, sessions.begin(name), digest);
      sendStored(exchange, name, digest);
    } else {
      sendProgress(exchange, sessions.begin(name));
    }
  };

/** Pushes blobs: whole, in chunks, or by mounting them from another repository. */
export function uploadRoutes(content: Content, guard: Guard): readonly Route[] {
  const sessions = createSessions(content);
  const open = async (exchange: Exchange): Promise<Session> => {
    const { name } = await openName(exchange, guard);
    return sessions.find(name, exchange.params['id'] ?? '');
  };

  const patch = async (exchange: Exchange): Promise<void> => {
    const session = await open(exchange);
    checkOffset(exchange, session);
    await sessions.append(exchange, session);
    sendProgress(exchange, session);
  };

  const put = async (exchange: Exchange): Promise<void> => {
    const session = await open(exchange);
    checkOffset(exchange, session);
    const digest = digestName(exchange.url.searchParams.get('digest'));
    await sessions.finish(exchange, session, digest);
    sendStored(exchange, session.repository, digest);
  };

  const status = async (exchange: Exchange): Promise<void> => {
    exchange.response.writeHead(204, progressHeaders(await open(exchange))).end();
  };

  const cancel = async (exchange: Exchange): Promise<void> => {
    await sessions.cancel(await open(exchange));
    exchange.response.writeHead(204).end();
  };

  const start = startHandler(content, guard, sessions);
  const resume = /^\/v2\/(?<name>.+)\/blobs\/uploads\/(?<id>[^/]+)$/;
  return [
    { method: 'POST', pattern: /^\/v2\/(?<name>.+)\/blobs\/uploads\/?$/, handle: start },
    { method: 'PATCH', pattern: resume, handle: patch },
    { method: 'PUT', pattern: resume, handle: put },
    { method: 'GET', pattern: resume, handle: status },
    { method: 'DELETE', pattern: resume, handle: cancel },
  ];
}
