import * as tls from 'node:tls';
import type { ContainerAccess } from '../../../src/azure/storage/clients.ts';
import { connectContainer } from '../../../src/azure/storage/container.ts';
import type { AuthorizationContext } from '../../../src/azure/storage/copy-source.ts';
import type { BlobContainer } from '../../../src/transfer/ports/blob-container.ts';
import type { Side } from '../description.ts';
import type { FaultRule } from '../fault-rule.ts';
import { createFaultBoard } from '../faults.ts';
import { defaultSettings } from '../settings.ts';
import { byKey, md5, tokenOf } from './clients.fixture.ts';
import { startStorageClouds } from './clouds.fixture.ts';
import type { StorageCloud, StorageClouds } from './clouds.fixture.ts';

/** Clouds that this process trusts, with a container in each. */
export type AdapterClouds = StorageClouds;

/** A signal that is never aborted. */
export const NEVER = new AbortController().signal;

const AUDIENCE = 'https://storage.azure.com';

/** Starts two clouds; `close` takes their certificates back too. */
export async function startAdapterClouds(): Promise<AdapterClouds> {
  const saved = tls.getCACertificates('default');
  const clouds = await startStorageClouds();
  const { source, target } = clouds;
  tls.setDefaultCACertificates([...saved, source.ca, target.ca]);
  await Promise.all([byKey(source).create(), byKey(target).create()]);
  const close = async (): Promise<void> => {
    tls.setDefaultCACertificates(saved);
    await clouds.close();
  };
  return { source, target, close };
}

/** Both clouds as they are at the beginning: the runner may do everything, and nothing fails. */
export function allow({ source, target }: StorageClouds): void {
  for (const cloud of [source, target]) {
    cloud.roles = [{ principalId: 'runner', role: 'Storage Blob Data Contributor' }];
    cloud.settings = defaultSettings.storage;
    cloud.intercept = () => Promise.resolve(false);
    cloud.storage.resetTraffic();
  }
}

/** Access of the runner, by token. */
export const asRunner = (cloud: StorageCloud): ContainerAccess => ({
  kind: 'token',
  audience: AUDIENCE,
  credential: {
    getToken: async () => ({
      token: await tokenOf(cloud, 'runner'),
      expiresOnTimestamp: Date.now() + 3_600_000,
    }),
  },
});

/** The container of a cloud, through the adapter. */
export const containerOf = (
  side: Side,
  cloud: StorageCloud,
  access: ContainerAccess = asRunner(cloud),
  context: AuthorizationContext = { clock: { now: Date.now }, mask: () => undefined },
): BlobContainer => connectContainer(`${cloud.storage.endpoint}/transfer`, side, access, context);

/** Lets requests of a cloud fail from now on. */
export function faulty(
  cloud: StorageCloud,
  fault: FaultRule['fault'],
  more: Omit<FaultRule, 'service' | 'fault'>,
): void {
  const board = createFaultBoard();
  board.add({ service: 'storage', fault, ...more });
  cloud.intercept = board.interceptor('storage');
}

/** Base64 of the MD5. */
export const md5Of = (bytes: Buffer): string => md5(bytes).toString('base64');

/** Id of a block, base64; all have the same length. */
export const blockIdOf = (index: number): string => Buffer.from(String(index).padStart(45, '0')).toString('base64');
