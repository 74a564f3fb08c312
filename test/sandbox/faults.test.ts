import { beforeEach, describe, expect, it } from '@jest/globals';
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
  it('hit what they name, as often as they say, the oldest rule first', async () => {
    board.add({ service: 'arm', method: 'PUT', path: '/runs/', times: 1, fault: { kind: 'answer', status: 503 } });
    board.add({ service: 'arm', path: '/runs/', times: 1, fault: { kind: 'cut' } });
    board.add({ service: 'vault', times: 9, fault: { kind: 'answer', status: 500 } });
    const put = ['PUT', '/runs/a'] as const;
    expect(await statuses(['GET', '/other'], put, put, put)).toEqual([200, 503, 'cut', 200]);
    expect(board.counts()).toEqual({ entra: 0, arm: 4, vault: 0, registry: 0, storage: 0 });
  });

  it('let pass what they are told to skip', async () => {
    board.add({ service: 'arm', method: 'GET', skip: 2, times: 1, fault: { kind: 'answer', status: 503 } });
    const get = ['GET', '/'] as const;
    expect(await statuses(get, ['PUT', '/'], get, get, get)).toEqual([200, 200, 200, 503, 200]);
  });

  it('tell how soon to try again', async () => {
    const fault = { kind: 'answer', status: 429, headers: { 'retry-after': '7' }, body: 'later' } as const;
    board.add({ service: 'arm', times: 1, fault });
    const server = await listen(identity, [], board.interceptor('arm'));
    const answer = await send(server.origin, { ca: authority.certificate });
    await server.close();
    expect(answer).toMatchObject({ status: 429, body: 'later', headers: { 'retry-after': '7' } });
  });

  it('stop when they are cleared; a delayed request is answered after all', async () => {
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
  ])('are refused when they make no sense: %j', (rule) => {
    expect(() => parseFault(rule)).toThrow(ZodError);
  });
});
