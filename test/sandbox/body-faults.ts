import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BodyPlace } from './fault-rule.ts';

/** Effects on a body at a position. */
export type BodyFault = (place: BodyPlace, request: IncomingMessage, response: ServerResponse) => void;

/** Returns the bytes of each chunk before the position, and the bytes from it on. `rest` is null until the position is reached. */
function divide(after: number): (chunk: Buffer) => { readonly before: Buffer; readonly rest: Buffer | null } {
  let passed = 0;
  return (chunk) => {
    const left = Math.max(0, after - passed);
    passed += chunk.length;
    return chunk.length > left
      ? { before: chunk.subarray(0, left), rest: chunk.subarray(left) }
      : { before: chunk, rest: null };
  };
}

type OnChunk = (chunk: Buffer, pass: (bytes: Buffer) => boolean) => boolean;

/** Node's parser passes every part of a request body to `push`, before any reader gets it. */
function watchRequest(request: IncomingMessage, onChunk: OnChunk): void {
  const push = request.push.bind(request);
  request.push = (chunk: unknown, ...rest) => (Buffer.isBuffer(chunk) ? onChunk(chunk, push) : push(chunk, ...rest));
}

/** `write` sends bytes, and `end` sends the last ones. */
function watchAnswer(response: ServerResponse, onChunk: OnChunk, mayEnd: () => boolean): void {
  const [write, end] = [response.write.bind(response), response.end.bind(response)];
  const pass = (bytes: Buffer): boolean => bytes.length === 0 || write(bytes);
  const see = (chunk: unknown): boolean =>
    typeof chunk === 'string' || chunk instanceof Uint8Array ? onChunk(Buffer.from(chunk), pass) : true;
  response.write = (chunk: unknown) => see(chunk);
  response.end = (chunk?: unknown) => {
    see(chunk);
    return mayEnd() ? end() : response;
  };
}

function watch(
  { body }: BodyPlace,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
  onChunk: OnChunk,
  mayEnd: () => boolean = () => true,
): void {
  if (body === 'request') watchRequest(request, onChunk);
  else watchAnswer(response, onChunk, mayEnd);
}

/** Flips the lowest bit of the byte at the position. */
export const flip: BodyFault = (place, request, response) => {
  const at = divide(place.after);
  let done = false;
  watch(place, { request, response }, (chunk, pass) => {
    const { before, rest } = at(chunk);
    if (done || rest === null) return pass(chunk);
    done = true;
    const changed = Buffer.from(chunk);
    changed[before.length] = (chunk[before.length] ?? 0) ^ 1;
    return pass(changed);
  });
};

/** Closes the connection at the position, after the earlier bytes were sent. */
export const cutWithin: BodyFault = (place, request, response) => {
  const at = divide(place.after);
  let cut = false;
  const onChunk: OnChunk = (chunk, pass) => {
    if (cut) return false;
    const { before, rest } = at(chunk);
    const more = pass(before);
    if (rest === null) return more;
    cut = true;
    setImmediate(() => {
      request.socket.destroySoon();
    });
    return false;
  };
  watch(place, { request, response }, onChunk, () => !cut);
};

/** Sends no byte of the response from the position on, and doesn't end it. */
export const stallWithin: BodyFault = (place, request, response) => {
  const at = divide(place.after);
  let stalled = false;
  const onChunk: OnChunk = (chunk, pass) => {
    if (stalled) return false;
    const { before, rest } = at(chunk);
    const more = pass(before);
    stalled = rest !== null;
    return more && !stalled;
  };
  watch(place, { request, response }, onChunk, () => !stalled);
};
