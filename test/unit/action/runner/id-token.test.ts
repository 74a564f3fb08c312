import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { jobIdToken } from '../../../../src/action/runner/id-token.ts';

const NAMES = ['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'] as const;

let server: Server;
let refusals: number;
let asked: string[];
let before: NodeJS.ProcessEnv;

beforeEach(async () => {
  before = { ...process.env };
  refusals = 0;
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const refused = refusals > 0;
    refusals -= 1;
    response.writeHead(refused ? 400 : 200, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify(refused ? { message: 'not now' } : { value: 'an.id.token' }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  process.env['ACTIONS_ID_TOKEN_REQUEST_URL'] = `http://127.0.0.1:${port}/token?api-version=2`;
  process.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] = 'request-token';
});

afterEach(async () => {
  process.env = before;
  server.close();
  await once(server, 'close');
});

describe('jobIdToken', () => {
  it('requests a token for the audience', async () => {
    expect(await jobIdToken('api://AzureADTokenExchange')).toBe('an.id.token');
    expect(asked).toEqual([`/token?api-version=2&audience=${encodeURIComponent('api://AzureADTokenExchange')}`]);
  });

  it.each(NAMES)('requests no token without %s', async (name) => {
    Reflect.deleteProperty(process.env, name);
    expect(await jobIdToken('any')).toBeNull();
    expect(asked).toEqual([]);
  });

  it('retries a limited number of times', async () => {
    refusals = 1;
    expect(await jobIdToken('any')).toBe('an.id.token');
    expect(asked).toHaveLength(2);
    refusals = 100;
    await expect(jobIdToken('any')).rejects.toThrow('400');
    expect(asked).toHaveLength(2 + 5);
  });
});
