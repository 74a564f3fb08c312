import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ZodError } from 'zod';
import { createFaultBoard, parseFault } from './faults.ts';
import type { FaultBoard } from './faults.ts';
import { listen, sendJson } from './http.ts';
import { send } from './request.ts';
import { createAuthority } from './tls.ts';

const authority = await createAuthority('faults test');
const identity = await authority.issueServer('server');

let board: FaultBoard;
beforeEach(() => {
  board = createFaultBoard();
});
afterEach(() => {
  jest.restoreAllMocks();
});

async function statuses(
  ...requests: readonly (readonly [method: string, path: string])[]
): Promise<(number | 'cut')[]> {
  const routes = ['GET', 'PUT'].map((method) => ({
    method,
    pattern: /./,
    handle: ({ response }: Parameters<Parameters<typeof listen>[1][number]['handle']>[0]) => {
      sendJson(response, 200, {});
    },
  }));
  const server = await listen(identity, routes, board.interceptor('arm'));
  const result: (number | 'cut')[] = [];
  for (const [method, path] of requests) {
    const answer = send(`${server.origin}${path}`, { ca: authority.certificate, method });
    result.push(await answer.then(({ status }) => status).catch(() => 'cut' as const));
  }
  await server.close();
  return result;
}

describe('faults', () => {
  it('reset a connection', async () => {
    board.add({ service: 'arm', times: 1, fault: { kind: 'reset' } });
    expect(await statuses(['GET', '/'], ['GET', '/'])).toEqual(['cut', 200]);
  });

  it('refuse connections for a while, and take them again on the same port', async () => {
    const timer = jest.spyOn(globalThis, 'setTimeout').mockReturnValueOnce(0 as never);
    board.add({ service: 'arm', times: 1, fault: { kind: 'refuse', milliseconds: 300 } });
    const server = await listen(identity, [], board.interceptor('arm'));
    const ask = (): Promise<unknown> => send(server.origin, { ca: authority.certificate });
    await expect(ask()).rejects.toThrow();
    await expect(ask()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const [listenAgain, milliseconds] = timer.mock.calls[0] ?? [];
    expect(milliseconds).toBe(300);
    listenAgain?.();
    await expect(ask()).resolves.toMatchObject({ status: 404 });
    await server.close();
  });

  it('hit with a probability, the same requests for the same seed', async () => {
    const hits = async (seed: number): Promise<(number | 'cut')[]> => {
      board.clear();
      board.add({ service: 'arm', times: 99, probability: 0.5, seed, fault: { kind: 'answer', status: 503 } });
      return statuses(...Array.from({ length: 12 }, () => ['GET', '/'] as const));
    };
    const first = await hits(1);
    expect(new Set(first)).toEqual(new Set([200, 503]));
    expect(await hits(1)).toEqual(first);
    expect(await hits(2)).not.toEqual(first);
  });

  it('apply for a time', async () => {
    const clock = jest.spyOn(Date, 'now').mockReturnValue(1_000_000);
    board.add({ service: 'arm', times: 99, forSeconds: 60, fault: { kind: 'answer', status: 503 } });
    clock.mockReturnValue(1_059_999);
    expect(await statuses(['GET', '/'])).toEqual([503]);
    clock.mockReturnValue(1_060_001);
    expect(await statuses(['GET', '/'])).toEqual([200]);
  });

  it('hit clients that they name', async () => {
    board.add({ service: 'arm', times: 9, agent: '^acr-transfer', fault: { kind: 'answer', status: 503 } });
    expect(await statuses(['GET', '/'])).toEqual([200]);
  });

  it('apply to matching requests, the given number of times, the oldest rule first', async () => {
    board.add({ service: 'arm', method: 'PUT', path: '/runs/', times: 1, fault: { kind: 'answer', status: 503 } });
    board.add({ service: 'arm', path: '/runs/', times: 1, fault: { kind: 'cut' } });
    board.add({ service: 'vault', times: 9, fault: { kind: 'answer', status: 500 } });
    const put = ['PUT', '/runs/a'] as const;
    expect(await statuses(['GET', '/other'], put, put, put)).toEqual([200, 503, 'cut', 200]);
    expect(board.counts()).toEqual({ entra: 0, arm: 4, vault: 0, registry: 0, storage: 0 });
  });

  it('skip the given number of requests', async () => {
    board.add({ service: 'arm', method: 'GET', skip: 2, times: 1, fault: { kind: 'answer', status: 503 } });
    const get = ['GET', '/'] as const;
    expect(await statuses(get, ['PUT', '/'], get, get, get)).toEqual([200, 200, 200, 503, 200]);
  });

  it('contain Retry-After', async () => {
    const fault = { kind: 'answer', status: 429, headers: { 'retry-after': '7' }, body: 'later' } as const;
    board.add({ service: 'arm', times: 1, fault });
    const server = await listen(identity, [], board.interceptor('arm'));
    const answer = await send(server.origin, { ca: authority.certificate });
    await server.close();
    expect(answer).toMatchObject({ status: 429, body: 'later', headers: { 'retry-after': '7' } });
  });

  it('stop when they are cleared, and a delayed request gets its response', async () => {
    board.add({ service: 'arm', times: 1, fault: { kind: 'delay', milliseconds: 1 } });
    board.add({ service: 'arm', times: 5, fault: { kind: 'answer', status: 500 } });
    expect(await statuses(['GET', '/'], ['GET', '/'])).toEqual([200, 500]);
    board.clear();
    expect(await statuses(['GET', '/'])).toEqual([200]);
  });

  it.each([
    { service: 'dns', times: 1, fault: { kind: 'cut' } },
    { service: 'arm', times: 0, fault: { kind: 'cut' } },
    { service: 'arm', times: 1, path: '(', fault: { kind: 'cut' } },
    { service: 'arm', times: 1, fault: { kind: 'explode' } },
    { service: 'arm', times: 1, skip: -1, fault: { kind: 'cut' } },
    { service: 'arm', times: 1, fault: { kind: 'flip' } },
    { service: 'arm', times: 1, fault: { kind: 'stall', within: { body: 'head', after: 0 } } },
  ])('are refused if they are invalid: %j', (rule) => {
    expect(() => parseFault(rule)).toThrow(ZodError);
  });
});
