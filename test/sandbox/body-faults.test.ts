import { request as startRequest } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { BodyPlace, FaultRule } from './fault-rule.ts';
import { createFaultBoard } from './faults.ts';
import type { FaultBoard } from './faults.ts';
import { listen, readBody } from './http.ts';
import type { Listener, Route } from './http.ts';
import { createAuthority } from './tls.ts';

const authority = await createAuthority('body faults test');
const identity = await authority.issueServer('server');
const sent = Buffer.from('0123456789'.repeat(20_000));

/** Echoes the request body, by `write` and `end` or by `end` alone. */
const echo = (path: string, parts: number): Route => ({
  method: 'PUT',
  pattern: new RegExp(`^${path}$`),
  handle: async ({ request, response }) => {
    const body = await readBody(request);
    received.push(body);
    response.writeHead(200, { 'content-length': String(body.length) });
    const size = Math.ceil(body.length / parts);
    for (let part = 0; part < parts - 1; part += 1) response.write(body.subarray(part * size, (part + 1) * size));
    response.end(body.subarray((parts - 1) * size));
  },
});

let received: Buffer[];
let board: FaultBoard;
let server: Listener;
beforeAll(async () => {
  server = await listen(identity, [echo('/parts', 7), echo('/whole', 1)], (request, response) =>
    board.interceptor('storage')(request, response),
  );
});
afterAll(() => server.close());
beforeEach(() => {
  received = [];
  board = createFaultBoard();
});

const add = (fault: FaultRule['fault'], more: Partial<FaultRule> = {}): void => {
  board.add({ service: 'storage', times: 1, fault, ...more });
};

/** Sends the bytes. `stop` decides with every part of the response whether to disconnect. */
function put(
  path: string,
  stop: (bytes: number) => boolean = () => false,
): Promise<{ readonly bytes: Buffer; readonly end: 'whole' | 'broken' | 'left' }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const finish = (end: 'whole' | 'broken' | 'left') => (): void => {
      resolve({ bytes: Buffer.concat(chunks), end });
    };
    const outgoing = startRequest(`${server.origin}${path}`, {
      ca: authority.certificate,
      method: 'PUT',
      agent: false,
    });
    const read = (answer: IncomingMessage): void => {
      answer.on('error', finish('broken')).on('end', finish('whole'));
      answer.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (!stop(Buffer.concat(chunks).length)) return;
        finish('left')();
        outgoing.destroy();
      });
    };
    outgoing.on('error', finish('broken')).on('response', read).end(sent);
  });
}

function changed(at: number): Buffer {
  const copy = Buffer.from(sent);
  copy[at] = copy[at]! ^ 1;
  return copy;
}

describe.each(['/parts', '/whole'])('a fault within a body (%s)', (path) => {
  it.each([0, 1, 65_536, sent.length - 1])('flips a bit of the response at byte %i', async (after) => {
    add({ kind: 'flip', within: { body: 'answer', after } });
    expect((await put(path)).bytes.equals(changed(after))).toBe(true);
    expect(received[0]!.equals(sent)).toBe(true);
    expect((await put(path)).bytes.equals(sent)).toBe(true);
  });

  it.each([0, 70_000, sent.length - 1])('flips a bit of the request at byte %i', async (after) => {
    add({ kind: 'flip', within: { body: 'request', after } });
    await put(path);
    expect(received[0]!.equals(changed(after))).toBe(true);
  });

  it.each([0, 100_000])('truncates the response after %i bytes', async (after) => {
    add({ kind: 'cut', within: { body: 'answer', after } });
    const { bytes, end } = await put(path);
    expect([bytes.equals(sent.subarray(0, after)), end]).toEqual([true, 'broken']);
    expect(received).toHaveLength(1);
  });

  it('aborts the request before it is complete', async () => {
    add({ kind: 'cut', within: { body: 'request', after: 100_000 } });
    expect((await put(path)).end).toBe('broken');
    expect(received).toEqual([]);
  });

  it('stops the response, and keeps the connection until the client closes it', async () => {
    add({ kind: 'stall', within: { body: 'answer', after: 100_000 } });
    const { bytes, end } = await put(path, (count) => count >= 100_000);
    expect([bytes.length, end]).toEqual([100_000, 'left']);
  });

  it.each<FaultRule['fault']['kind'] & ('cut' | 'stall' | 'flip')>(['cut', 'stall', 'flip'])(
    "doesn't change a body that is too short: %s",
    async (kind) => {
      const within: BodyPlace = { body: 'answer', after: sent.length };
      add({ kind, within });
      const { bytes, end } = await put(path);
      expect([bytes.equals(sent), end]).toEqual([true, 'whole']);
    },
  );
});

describe('a request whose body is never read', () => {
  it('gets no response, and the next one does', async () => {
    add({ kind: 'stall', within: { body: 'request', after: 0 } });
    const stalled = startRequest(`${server.origin}/whole`, { ca: authority.certificate, method: 'PUT', agent: false });
    const answered = new Promise<boolean>((resolve) => {
      stalled
        .on('error', () => undefined)
        .on('response', () => {
          resolve(true);
        });
      stalled.on('close', () => {
        resolve(false);
      });
    });
    stalled.end(sent);
    while (board.counts().storage === 0) await pause(5);
    expect((await put('/whole')).bytes.equals(sent)).toBe(true);
    stalled.destroy();
    expect(await answered).toBe(false);
  });
});
