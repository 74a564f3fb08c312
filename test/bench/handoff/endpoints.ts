import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createAuthority } from '../../sandbox/tls.ts';
import type { EndpointOptions, EndpointStats } from './endpoint/main.ts';
import type { Limits } from './endpoint/pace.ts';

/** SAS for the endpoints, which don't check it. It is never printed. */
export const SAS = 'sv=2025-11-05&sr=c&sp=racwdl&se=2099-01-01T00%3A00%3A00Z&sig=YmVuY2g%3D';

/** One endpoint. */
export interface Endpoint {
  /** `https://127.0.0.1:<port>/acct`, the parent of the containers. */
  readonly account: string;
  readonly stats: (container: string) => Promise<EndpointStats>;
  /** Reads the properties of a blob, so that its MD5 is known before the measurement. */
  readonly warm: (container: string, blob: string) => Promise<void>;
}

/** Both ends of a handoff, and the CA that their clients must trust. */
export interface Endpoints {
  readonly source: Endpoint;
  readonly sink: Endpoint;
  /** PEM file. */
  readonly caFile: string;
  readonly stop: () => void;
}

function ask(agent: Agent, method: string, url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request(url, { agent, method }, (response) => {
      text(response).then(resolve, reject);
    })
      .once('error', reject)
      .end();
  });
}

async function start(options: EndpointOptions, agent: Agent): Promise<{ endpoint: Endpoint; child: ChildProcess }> {
  const child = fork(join(import.meta.dirname, 'endpoint', 'main.ts'));
  child.send(options);
  const [port] = (await once(child, 'message')) as [number];
  const origin = `https://127.0.0.1:${port}`;
  const account = `${origin}/acct`;
  const endpoint: Endpoint = {
    account,
    stats: async (container) =>
      JSON.parse(await ask(agent, 'GET', `${origin}/stats?container=${container}`)) as EndpointStats,
    warm: async (container, blob) => {
      await ask(agent, 'HEAD', `${account}/${container}/${blob}`);
    },
  };
  return { endpoint, child };
}

/** Starts both endpoints, each in a process of its own. */
export async function startEndpoints(limits: Limits | null, folder: string): Promise<Endpoints> {
  const authority = await createAuthority('bench CA');
  const ca = authority.certificate;
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, ca);
  const agent = new Agent({ ca, keepAlive: true });
  const identity = await authority.issueServer('127.0.0.1');
  const [source, sink] = await Promise.all([
    start({ ...identity, ca, limits, seeded: true }, agent),
    start({ ...identity, ca, limits, seeded: false }, agent),
  ]);
  return {
    source: source.endpoint,
    sink: sink.endpoint,
    caFile,
    stop: () => {
      agent.destroy();
      for (const { child } of [source, sink]) child.kill();
    },
  };
}
