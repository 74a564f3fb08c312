import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Agent } from 'node:https';
import type { Content } from './content.ts';
import type { Meter } from './pace.ts';
import type { Store } from './store.ts';

/** State that the calls to one endpoint share. */
export interface EndpointState {
  readonly store: Store;
  readonly content: Content;
  readonly gives: (connection: object) => Meter;
  readonly takes: (connection: object) => Meter;
  /** Agent for the sources of copies. */
  readonly agent: Agent;
  /** Bytes of blobs since the start. */
  readonly moved: { given: number; taken: number };
}

/** One call, with the parts of its URL: `/<account>/<container>/<blob>?…`. */
export interface Call extends EndpointState {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly container: string;
  /** Empty for calls to the container. */
  readonly blob: string;
  readonly query: URLSearchParams;
}

const MOMENT = 'Mon, 23 Nov 2026 07:00:00 GMT';
const COMMON = {
  'x-ms-version': '2025-11-05',
  'x-ms-request-id': '00000000-0000-4000-8000-000000000001',
  'last-modified': MOMENT,
};

/** One header of the request; empty if it is absent. */
export const header = ({ request }: Call, name: string): string => String(request.headers[name] ?? '');

/** Responds with a status and headers only. */
export function answer(
  { request, response }: Call,
  status: number,
  headers: Record<string, string | number> = {},
): void {
  response.writeHead(status, { ...COMMON, 'content-length': 0, ...headers });
  response.end();
  request.resume();
}

/** Responds with XML. */
export function answerXml({ response }: Call, status: number, xml: string, headers: Record<string, string> = {}): void {
  const body = `<?xml version="1.0" encoding="utf-8"?>${xml}`;
  const length = Buffer.byteLength(body);
  response.writeHead(status, { ...COMMON, 'content-type': 'application/xml', 'content-length': length, ...headers });
  response.end(body);
}

/** Refuses as the service does. */
export function refuse(call: Call, status: number, code: string): void {
  call.request.resume();
  if (call.request.method === 'HEAD') answer(call, status, { 'x-ms-error-code': code });
  else
    answerXml(call, status, `<Error><Code>${code}</Code><Message>${code}</Message></Error>`, {
      'x-ms-error-code': code,
    });
}

/** Starts a response with a body. */
export function begin({ response }: Call, status: number, headers: Record<string, string | number>): void {
  response.writeHead(status, { ...COMMON, ...headers });
}
