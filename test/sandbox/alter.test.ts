import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Alteration } from './fault-rule.ts';
import { createFaultBoard } from './faults.ts';
import type { FaultBoard } from './faults.ts';
import { listen, readBody, sendJson } from './http.ts';
import type { Listener } from './http.ts';
import { send, type Answer } from './request.ts';
import { createAuthority } from './tls.ts';

const authority = await createAuthority('alter test');
const identity = await authority.issueServer('server');

let board: FaultBoard;
let server: Listener;
let served: { readonly tag: unknown; readonly body: string }[];

beforeAll(async () => {
  const handle = async ({ request, response }: Parameters<Parameters<typeof listen>[1][number]['handle']>[0]) => {
    served.push({ tag: request.headers['x-tag'], body: (await readBody(request)).toString() });
    sendJson(response, 200, { percentage: '10' }, { 'x-kept': 'yes', 'x-lost': 'yes' });
  };
  server = await listen(identity, [{ method: 'PUT', pattern: /./, handle }], (request, response) =>
    board.interceptor('arm')(request, response),
  );
});
afterAll(() => server.close());
beforeEach(() => {
  board = createFaultBoard();
  served = [];
});

const put = (alteration: Alteration): Promise<Answer> => {
  board.add({ service: 'arm', times: 1, fault: { kind: 'alter', ...alteration } });
  return send(`${server.origin}/run`, {
    ca: authority.certificate,
    method: 'PUT',
    body: 'order',
    headers: { 'x-tag': 'tag' },
  });
};

describe('an alteration', () => {
  it('executes a request twice', async () => {
    expect(await put({ copies: 2 })).toMatchObject({ status: 200, body: '{"percentage":"10"}' });
    expect(served).toEqual([
      { tag: 'tag', body: 'order' },
      { tag: 'tag', body: 'order' },
    ]);
    expect(board.counts().arm).toBe(1);
  });

  it('loses headers on both ways, and puts others in their place', async () => {
    const answer = await put({ dropOfRequest: ['x-tag'], drop: ['x-lost'], set: { 'x-kept': 'no' } });
    expect(served[0]?.tag).toBeUndefined();
    expect(answer.headers).toMatchObject({ 'x-kept': 'no' });
    expect(answer.headers).not.toHaveProperty('x-lost');
  });

  it('ends a response early, with a matching length', async () => {
    expect(await put({ truncate: 5 })).toMatchObject({ body: '{"per', headers: { 'content-length': '5' } });
  });

  it('changes a response', async () => {
    expect((await put({ replace: { from: '"10"', to: '"4"' } })).body).toBe('{"percentage":"4"}');
  });

  it('executes a request at once, and delays its response', async () => {
    const answer = put({ milliseconds: 200 });
    expect((await answer).status).toBe(200);
    expect(served).toHaveLength(1);
  });
});
