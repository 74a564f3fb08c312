import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { Refusal } from './refusal.ts';
import { passOn } from './upstream.ts';

/** Bytes. The MD5 of a larger range isn't computed (Microsoft Learn, "Get Blob"). */
const LARGEST = 4 * 1024 * 1024;

const asks = ({ headers }: IncomingMessage): boolean => headers['x-ms-range-get-content-md5'] === 'true';

/** Last byte minus first byte. An open range has the maximum length. */
function rangeLength(request: IncomingMessage): number | null {
  const range = String(request.headers['x-ms-range'] ?? request.headers.range ?? '');
  const match = /^bytes=(?<first>\d+)-(?<last>\d*)$/.exec(range);
  if (match === null) return null;
  const { first, last } = match.groups as { first: string; last: string };
  return last === '' ? Infinity : Number(last) - Number(first) + 1;
}

/**
 * Throws Refusal with 400 if the MD5 of a range is requested without a range, or for more than 4 MiB (Microsoft Learn, "Get
 * Blob"). Azurite returns no MD5 then. Assumed: code and text.
 */
export function checkRangeMd5(request: IncomingMessage): void {
  if (request.method !== 'GET' || !asks(request)) return;
  const length = rangeLength(request);
  if (length !== null && length <= LARGEST) return;
  throw new Refusal({
    status: 400,
    code: 'InvalidHeaderValue',
    message: 'The value for one of the HTTP headers is not in the correct format.',
    details: { HeaderName: 'x-ms-range-get-content-md5', HeaderValue: 'true' },
  });
}

/** For a range that is the whole blob, Azurite returns the property Content-MD5. The service returns the MD5 of the bytes. */
export function isUncheckedMd5(answer: IncomingMessage, request: IncomingMessage): boolean {
  const { 'content-range': range = '', 'x-ms-blob-content-md5': property } = answer.headers;
  return (
    answer.statusCode === 206 &&
    asks(request) &&
    property !== undefined &&
    property === answer.headers['content-md5'] &&
    /^bytes 0-/.test(range)
  );
}

/** Returns a range of at most 4 MiB with the MD5 of its bytes. */
export async function relayWithMd5(answer: IncomingMessage, response: ServerResponse): Promise<void> {
  const bytes = await buffer(answer);
  const md5 = createHash('md5').update(bytes).digest('base64');
  response.writeHead(206, answer.statusMessage, passOn(answer.rawHeaders, undefined, { 'content-md5': md5 }));
  response.end(bytes);
}
