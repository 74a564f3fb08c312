import type { Exchange, Route } from '../http.ts';
import type { DataEndpoint } from './data.ts';
import type { Guard } from './guard.ts';
import { digestName, repositoryName } from './name.ts';
import { blobUnknown } from './refusal.ts';
import { repositoryScope } from './scope.ts';
import type { Content } from './store.ts';

const PATTERN = /^\/v2\/(?<name>.+)\/blobs\/(?<digest>[^/]+)$/;

const escapeHtml = (text: string): string => text.replaceAll('&', '&amp;');

/** Reads and deletes blobs. */
export function blobRoutes(content: Content, guard: Guard, data: DataEndpoint): readonly Route[] {
  const open = async (exchange: Exchange, action: string): Promise<{ name: string; digest: string }> => {
    const name = repositoryName(exchange.params['name']);
    await guard(exchange, repositoryScope(name, action));
    const digest = digestName(exchange.params['digest']);
    if (!content.holds(name, digest)) throw blobUnknown(digest);
    return { name, digest };
  };

  /** 307 with the HTML of Go's http.Redirect, as recorded. */
  const get = async (exchange: Exchange): Promise<void> => {
    const { digest } = await open(exchange, 'pull');
    const location = data.urlOf(exchange.url.origin, digest);
    const body = `<a href="${escapeHtml(location)}">Temporary Redirect</a>.\n\n`;
    exchange.response
      .writeHead(307, {
        location,
        'content-type': 'text/html; charset=utf-8',
        'content-length': String(Buffer.byteLength(body)),
        'docker-content-digest': digest,
      })
      .end(body);
  };

  /** Assumed: responds without a redirect. */
  const head = async (exchange: Exchange): Promise<void> => {
    const { digest } = await open(exchange, 'pull');
    exchange.response
      .writeHead(200, {
        'content-type': 'application/octet-stream',
        'content-length': String(content.blobs.size(digest)),
        'accept-ranges': 'bytes',
        'docker-content-digest': digest,
      })
      .end();
  };

  const remove = async (exchange: Exchange): Promise<void> => {
    const { name, digest } = await open(exchange, 'delete');
    content.ensure(name).blobs.delete(digest);
    exchange.response.writeHead(202, { 'content-length': '0', 'docker-content-digest': digest }).end();
  };

  return [
    { method: 'GET', pattern: PATTERN, handle: get },
    { method: 'HEAD', pattern: PATTERN, handle: head },
    { method: 'DELETE', pattern: PATTERN, handle: remove },
  ];
}
