import type { IncomingMessage } from 'node:http';
import { request as startRequest } from 'node:https';
import type { Agent } from 'node:https';
import { text } from 'node:stream/consumers';
import type { Exchange } from '../http.ts';
import { Refusal } from './refusal.ts';

const SOURCE_HEADERS: Readonly<Record<string, string>> = {
  'x-ms-source-range': 'range',
  'x-ms-copy-source-authorization': 'authorization',
  'x-ms-source-if-match': 'if-match',
  'x-ms-source-if-none-match': 'if-none-match',
  'x-ms-source-if-modified-since': 'if-modified-since',
  'x-ms-source-if-unmodified-since': 'if-unmodified-since',
  'x-ms-version': 'x-ms-version',
};

/** Marks requests of another account, with its name. In Azure, the address shows this. No front end forwards it. */
export const COPIER_HEADER = 'x-sandbox-copier';

/** The copying account, and its restrictions. */
export interface Fetcher {
  /** Name of the account. */
  readonly account: string;
  readonly agent: Agent;
  /** Whether it can reach other accounts. */
  readonly reaches: () => boolean;
  /** Whether a failed condition of the source has its own code. */
  readonly sourceConditions: 'named' | 'unverified';
}

/** The headers of a message that the table lists, under their new names. */
export function renamed(from: IncomingMessage, names: Readonly<Record<string, string>>): Record<string, string> {
  const found = Object.entries(names).flatMap(([name, to]) => {
    const value = from.headers[name];
    return value === undefined ? [] : [[to, String(value)] as const];
  });
  return Object.fromEntries(found);
}

/** The refusal for a source that can't be read: the source's status and text (recorded; Azure/azure-sdk-for-js#7534). */
const unverified = (status: number, message: string, sourceCode?: string): Refusal =>
  new Refusal({
    status,
    code: 'CannotVerifyCopySource',
    message,
    headers: {
      'x-ms-copy-source-status-code': String(status),
      ...(sourceCode === undefined ? {} : { 'x-ms-copy-source-error-code': sourceCode }),
    },
  });

/**
 * Put Block and Put Blob From URL report a failed condition of the source in the same way (recorded: 304). Copy Blob has its
 * own code (Microsoft Learn, "Blob service error codes").
 */
async function sourceRefusal(source: IncomingMessage, names: Fetcher['sourceConditions']): Promise<Refusal> {
  const status = source.statusCode ?? 400;
  const message = /<Message>([^\n<]*)/.exec(await text(source))?.[1] ?? source.statusMessage ?? '';
  if (names === 'named' && (status === 412 || status === 304)) {
    const text412 = 'The source condition specified using HTTP conditional header(s) is not met.';
    return new Refusal({ status: 412, code: 'SourceConditionNotMet', message: text412 });
  }
  const code = source.headers['x-ms-error-code'];
  return unverified(status, message, code === undefined ? undefined : String(code));
}

/** Assumed: the status if the source can't be reached. The text is from Azure/azure-sdk-for-net#26711. */
const unreachable = (): Refusal => unverified(400, 'Could not verify the copy source within the specified time.');

/** 500 if the source's body ends too early. Assumed: status and code. */
export const interrupted = (): Refusal =>
  new Refusal({
    status: 500,
    code: 'InternalError',
    message: 'Server encountered an internal error. Please try again after some time.',
  });

const fetchSource = (url: URL, headers: Record<string, string>, agent: Agent): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const outgoing = startRequest(url, { agent, headers });
    outgoing.once('response', resolve).once('error', () => {
      reject(unreachable());
    });
    outgoing.end();
  });

/**
 * Opens the URL in `x-ms-copy-source`, with its range, conditions and authorization. Throws Refusal if the response has no
 * bytes.
 */
export async function openSource({ request, url: own }: Exchange, fetcher: Fetcher): Promise<IncomingMessage> {
  const url = URL.parse(String(request.headers['x-ms-copy-source']));
  if (url?.protocol !== 'https:' || (url.host !== own.host && !fetcher.reaches())) throw unreachable();
  const headers = renamed(request, SOURCE_HEADERS);
  const source = await fetchSource(url, { ...headers, [COPIER_HEADER]: fetcher.account }, fetcher.agent);
  const wantsAll = headers['range'] === undefined || headers['range'] === 'bytes=0-';
  if (source.statusCode !== 206 && !(source.statusCode === 200 && wantsAll))
    throw await sourceRefusal(source, fetcher.sourceConditions);
  return source;
}

/** Content-Length of the source, bytes. Azurite needs it in advance. */
export function lengthOf(source: IncomingMessage): string {
  const length = source.headers['content-length'];
  if (length === undefined) throw unverified(400, 'The copy source does not tell its length.');
  return length;
}
