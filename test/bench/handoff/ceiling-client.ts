/**
 * The rate of the line for a client that discards the bytes: concurrent ranges or blocks. A process of its own. Its arguments
 * are URL, SAS, direction, connections, bytes of a part, and paths with bytes. It prints seconds.
 */
import { Agent, request } from 'node:https';
import type { CeilingTask } from './ceiling.ts';

const task = JSON.parse(process.argv[2] ?? '') as CeilingTask;
const agent = new Agent({ keepAlive: true, maxFreeSockets: 64 });
const body = Buffer.alloc(Math.max(...task.parts.map(({ size }) => size)), 'acr-transfer');

interface Attempt {
  readonly method: string;
  readonly query: string;
  readonly headers: Record<string, string | number>;
  readonly body: Buffer | null;
}

function send(blob: string, { method, query, headers, body: bytes }: Attempt): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request(`${task.container}/${blob}?${query}${task.sas}`, { agent, method, headers }, (response) => {
      const good = response.statusCode !== undefined && response.statusCode < 300;
      // A listener that ignores the bytes costs the least.
      response.on('data', () => undefined).once('error', reject);
      response.once(
        'end',
        good
          ? resolve
          : () => {
              reject(new Error(`${method}: ${response.statusCode ?? 0}`));
            },
      );
    });
    call.once('error', reject);
    call.end(bytes ?? undefined);
  });
}

type Part = CeilingTask['parts'][number];

const down = ({ blob, offset, size }: Part): Promise<void> =>
  send(blob, {
    method: 'GET',
    query: '',
    headers: { 'x-ms-range': `bytes=${offset}-${offset + size - 1}` },
    body: null,
  });

const up = ({ blob, offset, size }: Part): Promise<void> => {
  const id = encodeURIComponent(Buffer.from(String(offset).padStart(12, '0')).toString('base64'));
  const query = `comp=block&blockid=${id}&`;
  return send(blob, { method: 'PUT', query, headers: { 'content-length': size }, body: body.subarray(0, size) });
};

const parts = [...task.parts];
const since = performance.now();
const work = async (): Promise<void> => {
  for (let part = parts.shift(); part !== undefined; part = parts.shift())
    await (task.direction === 'down' ? down : up)(part);
};
await Promise.all(Array.from({ length: task.connections }, work));
console.log((performance.now() - since) / 1000);
agent.destroy();
