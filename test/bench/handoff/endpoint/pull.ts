import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { header, type Call } from './call.ts';

/** The source of a copy doesn't respond with bytes. */
export class CannotRead extends Error {}

const HEADERS: Readonly<Record<string, string>> = {
  'x-ms-source-range': 'x-ms-range',
  'x-ms-source-if-match': 'if-match',
  'x-ms-copy-source-authorization': 'authorization',
};

/** Opens the source of a copy, with its range and its condition. */
export async function openSource(call: Call, url: string): Promise<IncomingMessage> {
  const headers = Object.entries(HEADERS).flatMap(([from, to]) => {
    const value = header(call, from);
    return value === '' ? [] : [[to, value] as const];
  });
  const source = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { agent: call.agent, headers: Object.fromEntries(headers) }, resolve)
      .once('error', reject)
      .end();
  });
  if (source.statusCode === 200 || source.statusCode === 206) return source;
  source.resume();
  throw new CannotRead();
}
