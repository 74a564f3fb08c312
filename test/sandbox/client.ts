import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SasWish } from './container-sas.ts';
import type {
  BlobTraffic,
  CloudSettings,
  Inventory,
  LockAttributes,
  LockOrder,
  ManifestEntry,
  RequestCounts,
  RoleAssignment,
  SandboxDescription,
  SecretOrder,
  Side,
  StorageTraffic,
  TransferRecord,
} from './description.ts';
import type { FaultRule } from './fault-rule.ts';
import { send } from './request.ts';
import type { SettingsPatch } from './settings.ts';

/** A sandbox in its own process, and its control calls. */
export interface SandboxHandle {
  readonly description: SandboxDescription;
  /** Changes settings of one cloud. Resolves to all settings. An empty patch only reads them. */
  readonly settings: (side: Side, patch?: SettingsPatch) => Promise<CloudSettings>;
  readonly addFault: (side: Side, rule: FaultRule) => Promise<void>;
  readonly clearFaults: (side: Side) => Promise<void>;
  /** Requests that faults have changed since the last reset. */
  readonly faultsStruck: (side: Side) => Promise<number>;
  readonly roles: (side: Side) => Promise<readonly RoleAssignment[]>;
  readonly setRoles: (side: Side, roles: readonly RoleAssignment[]) => Promise<void>;
  readonly requests: (side: Side) => Promise<RequestCounts>;
  readonly resetRequests: (side: Side) => Promise<void>;
  /** Secrets that clients have sent to a cloud. */
  readonly secretsSeen: (side: Side) => Promise<readonly string[]>;
  /**
   * Puts manifests into a registry without their content, thousands per second. Resolves to their digests in order. These
   * artifacts can be listed and read, but not exported.
   */
  readonly putManifests: (side: Side, entries: readonly ManifestEntry[]) => Promise<readonly string[]>;
  /** Locks a tag or a manifest, or unlocks it. */
  readonly lock: (side: Side, repository: string, reference: string, attributes: LockAttributes) => Promise<void>;
  /** Stores a new version of a secret, with the changed members. */
  readonly setSecret: (side: Side, name: string, changes: Omit<SecretOrder, 'name'>) => Promise<void>;
  readonly deleteSecret: (side: Side, name: string) => Promise<void>;
  /** Resources that a setup can leave behind. */
  readonly inventory: (side: Side) => Promise<Inventory>;
  /** Runs that the transfer service has executed, oldest first. */
  readonly transfers: (side: Side) => Promise<readonly TransferRecord[]>;
  /**
   * Bytes that the storage of a side has transferred since the last reset.
   * @param blobs regular expression on `CONTAINER/BLOB`. Absent: all blobs, documents included
   */
  readonly storageBytes: (side: Side, blobs?: string) => Promise<BlobTraffic>;
  /** A SAS of the side's container, without `?`. It can be expired. */
  readonly containerSas: (side: Side, wish: SasWish) => Promise<string>;
  /** Resolves when all processes of the sandbox have ended. */
  readonly stop: () => Promise<void>;
}

/** The control calls for a sandbox that another process started. */
export type SandboxControls = Omit<SandboxHandle, 'stop'>;

type Ask = (method: string, side: Side, part: string, body?: unknown) => Promise<unknown>;

function asker({ control, caFile }: SandboxDescription): Ask {
  const ca = readFileSync(caFile, 'utf8');
  return async (method, side, part, body) => {
    const answer = await send(`${control.url}/clouds/${side}/${part}`, {
      ca,
      method,
      headers: { authorization: `Bearer ${control.key}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (answer.status >= 300) throw new Error(`${method} ${part}: ${answer.status} ${answer.body}`);
    return answer.body === '' ? undefined : (JSON.parse(answer.body) as unknown);
  };
}

/** Approximate bytes of manifests in one request. The control server accepts bodies of 8 MiB. */
const CHUNK_BYTES = 4 * 1024 * 1024;

function chunked(entries: readonly ManifestEntry[]): readonly ManifestEntry[][] {
  const chunks: ManifestEntry[][] = [];
  let bytes = Infinity;
  for (const entry of entries) {
    const size = Buffer.byteLength(JSON.stringify(entry));
    if (bytes + size > CHUNK_BYTES) {
      chunks.push([]);
      bytes = 0;
    }
    chunks.at(-1)?.push(entry);
    bytes += size;
  }
  return chunks;
}

/** Sends one chunk after the other, so that they are stored in their order. */
async function putManifests(ask: Ask, side: Side, entries: readonly ManifestEntry[]): Promise<readonly string[]> {
  const digests: string[] = [];
  for (const chunk of chunked(entries)) {
    digests.push(...((await ask('POST', side, 'manifests', chunk)) as readonly string[]));
  }
  return digests;
}

function sum(traffic: StorageTraffic, blobs: RegExp): BlobTraffic {
  const chosen = Object.entries(traffic).flatMap(([name, bytes]) => (blobs.test(name) ? [bytes] : []));
  const total = (kind: keyof BlobTraffic): number => chosen.reduce((bytes, blob) => bytes + blob[kind], 0);
  return { downloaded: total('downloaded'), uploaded: total('uploaded'), pulled: total('pulled') };
}

/** Controls a running sandbox by its description. */
export function controlSandbox(description: SandboxDescription): SandboxControls {
  const ask = asker(description);
  return {
    description,
    settings: (side, patch = {}) => ask('PATCH', side, 'settings', patch) as Promise<CloudSettings>,
    addFault: async (side, rule) => {
      await ask('POST', side, 'faults', rule);
    },
    clearFaults: async (side) => {
      await ask('DELETE', side, 'faults');
    },
    faultsStruck: async (side) => ((await ask('GET', side, 'faults')) as { readonly struck: number }).struck,
    roles: (side) => ask('GET', side, 'roles') as Promise<readonly RoleAssignment[]>,
    setRoles: async (side, roles) => {
      await ask('PUT', side, 'roles', roles);
    },
    requests: (side) => ask('GET', side, 'requests') as Promise<RequestCounts>,
    resetRequests: async (side) => {
      await ask('DELETE', side, 'requests');
    },
    secretsSeen: (side) => ask('GET', side, 'secrets-seen') as Promise<readonly string[]>,
    putManifests: (side, entries) => putManifests(ask, side, entries),
    lock: async (side, repository, reference, attributes) => {
      await ask('PUT', side, 'locks', { repository, reference, attributes } satisfies LockOrder);
    },
    setSecret: async (side, name, changes) => {
      await ask('PUT', side, 'secrets', { name, ...changes } satisfies SecretOrder);
    },
    deleteSecret: async (side, name) => {
      await ask('DELETE', side, 'secrets', { name } satisfies SecretOrder);
    },
    inventory: (side) => ask('GET', side, 'inventory') as Promise<Inventory>,
    transfers: (side) => ask('GET', side, 'transfers') as Promise<readonly TransferRecord[]>,
    storageBytes: async (side, blobs = '') =>
      sum((await ask('GET', side, 'traffic')) as StorageTraffic, new RegExp(blobs)),
    // The SDK takes long to load, and few callers need a SAS.
    containerSas: async (side, wish) =>
      (await import('./container-sas.ts')).containerSas(description[side].storage, wish),
  };
}

async function firstMessage(child: ChildProcess): Promise<SandboxDescription> {
  const errors: Buffer[] = [];
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk));
  const exit = once(child, 'exit').then(() => {
    throw new Error(`The sandbox did not start: ${Buffer.concat(errors).toString().trim()}`);
  });
  exit.catch(() => undefined);
  const [description] = (await Promise.race([once(child, 'message'), exit])) as [SandboxDescription];
  return description;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.disconnect();
  await exited;
}

/**
 * Starts a sandbox as a child process with its own folder, so that several can run at once. It ends with `stop`, and when this
 * process ends.
 * @param options.settings differences from the default settings, in both clouds
 * @param options.empty both clouds have no pipelines yet
 * @param options.trusts the subject that the federated credentials trust, see `SandboxOptions`
 */
export async function spawnSandbox(
  options: { readonly settings?: SettingsPatch; readonly empty?: boolean; readonly trusts?: string } = {},
): Promise<SandboxHandle> {
  const folder = await mkdtemp(path.join(tmpdir(), 'acr-transfer-sandbox-'));
  const arguments_ = ['--folder', folder, '--settings', JSON.stringify(options.settings ?? {})];
  if (options.empty === true) arguments_.push('--empty');
  if (options.trusts !== undefined) arguments_.push('--trusts', options.trusts);
  const child = fork(path.join(import.meta.dirname, 'main.ts'), arguments_, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning', '--disable-warning=DeprecationWarning'],
  });
  const stop = async (): Promise<void> => {
    await end(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return { ...controlSandbox(await firstMessage(child)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
