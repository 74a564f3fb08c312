/** Faults that send a request to its own server again, so that the request and its response can be changed. */
import { request as startRequest } from 'node:https';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Alteration } from './fault-rule.ts';
import { readBody } from './http.ts';

/** Marks a request that was sent again. Faults don't apply to it. */
const SECOND_WAY = 'x-sandbox-second-way';

/** Maximum size of a body, in bytes. Blocks have the largest bodies. */
const MAX_BODY = 128 * 1024 * 1024;

/** Whether a request was sent again. */
export const isSecondWay = ({ headers }: IncomingMessage): boolean => headers[SECOND_WAY] !== undefined;

interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

function without(headers: OutgoingHttpHeaders, names: readonly string[]): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

function sendOn(request: IncomingMessage, headers: OutgoingHttpHeaders, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const again = startRequest({
      host: '127.0.0.1',
      port: request.socket.localPort,
      method: request.method,
      path: request.url,
      headers: { ...headers, [SECOND_WAY]: '1' },
      rejectUnauthorized: false,
      agent: false,
    });
    again.on('error', reject).on('response', (answer) => {
      const { statusCode: status = 500, headers: given } = answer;
      readBody(answer, MAX_BODY).then((bytes) => {
        resolve({ status, headers: given, body: bytes });
      }, reject);
    });
    again.end(body);
  });
}

function changed({ status, headers, body }: Answer, { drop = [], set = {}, truncate, replace }: Alteration): Answer {
  const text = replace === undefined ? body : Buffer.from(body.toString().replaceAll(replace.from, replace.to));
  const rest = text.subarray(0, truncate);
  // The response to HEAD states the length of a body that it doesn't have.
  const length = body.length === 0 ? {} : { 'content-length': String(rest.length) };
  const kept = without(headers, ['transfer-encoding', 'connection', ...drop]);
  return { status, headers: { ...kept, ...length, ...set }, body: rest };
}

/** Sends a request once or several times, and returns the last response. */
export async function alter(alteration: Alteration, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { copies = 1, milliseconds = 0, dropOfRequest = [] } = alteration;
  const body = await readBody(request, MAX_BODY);
  const headers = without({ ...request.headers }, dropOfRequest);
  let answer = await sendOn(request, headers, body);
  for (let copy = 1; copy < copies; copy += 1) answer = await sendOn(request, headers, body);
  await pause(milliseconds);
  const { status, headers: given, body: bytes } = changed(answer, alteration);
  response.writeHead(status, given).end(bytes);
}
