import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import type { ContainerClient } from '@azure/storage-blob';
import type { PipelineAccess, RegistryStore, RunOrder, TransferEngine } from '../contracts.ts';
import { createStore, openContent } from '../registry/store.ts';
import { startStorageClouds, trusting } from '../storage/clouds.fixture.ts';
import type { StorageCloud, StorageClouds } from '../storage/clouds.fixture.ts';
import { createEngine } from './index.ts';

export const byIdentity: PipelineAccess = { kind: 'ManagedIdentity', principalId: 'pipeline' };
export const bySas: PipelineAccess = {
  kind: 'SasToken',
  principalId: 'pipeline',
  secretUri: 'https://vault.test/secrets/sas',
};

/** One side of a test: an empty registry, an empty container, and an engine between them. */
export interface TransferSide {
  readonly cloud: StorageCloud;
  readonly store: RegistryStore;
  readonly container: ContainerClient;
  readonly engine: TransferEngine;
  /** An engine over another store. */
  readonly engineOver: (store: RegistryStore) => TransferEngine;
  readonly order: (kind: RunOrder['kind'], more?: Partial<RunOrder>) => RunOrder;
}

/** Two sides; `vault` and `corrupt` may be set by a test. */
export interface Transfers {
  source: TransferSide;
  target: TransferSide;
  vault: (secretUri: string, principalId: string) => Promise<string>;
  corrupt: readonly string[];
  /** Copies a blob to the target, with its metadata. */
  readonly copyBlob: (blobName: string) => Promise<void>;
  /** Exports and copies; resolves to the order of the import. */
  readonly exportAndCopy: (artifacts: readonly string[]) => Promise<RunOrder>;
}

/** The clouds of one test file. */
interface TransferClouds {
  /** Both sides, empty and with every right. */
  readonly begin: () => Promise<Transfers>;
  readonly close: () => Promise<void>;
}

type Settings = Pick<Transfers, 'vault' | 'corrupt'>;

async function openSide(cloud: StorageCloud, name: string, folder: string, settings: Settings): Promise<TransferSide> {
  const { storage, ca, tokens } = cloud;
  cloud.roles = [{ principalId: 'pipeline', role: 'Storage Blob Data Contributor', container: name }];
  const key = new StorageSharedKeyCredential(storage.account, storage.key);
  const container = new BlobServiceClient(storage.endpoint, key, trusting(ca)).getContainerClient(name);
  await container.create();
  const store = createStore(await openContent(path.join(folder, `${storage.account}-${name}`)));
  const engineOver = (over: RegistryStore): TransferEngine =>
    createEngine({
      store: over,
      tokens,
      ca,
      vaultSecret: (...request) => settings.vault(...request),
      corruptImports: () => settings.corrupt,
      brokenExports: () => [],
      skipImports: () => [],
      listForm: () => 'references',
      alsoListed: () => [],
      loginServer: 'registry.example',
    });
  const order: TransferSide['order'] = (kind, more) => ({
    kind,
    containerUri: `${storage.endpoint}/${name}`,
    access: byIdentity,
    options: [],
    blobName: 'transfer/blob.tar',
    artifacts: [],
    progress: () => undefined,
    ...more,
  });
  return { cloud, store, container, engine: engineOver(store), engineOver, order };
}

async function begin(clouds: StorageClouds, name: string, folder: string): Promise<Transfers> {
  const settings = { vault: () => Promise.reject(new Error('403 Forbidden')), corrupt: [] } as Settings;
  const [source, target] = await Promise.all([
    openSide(clouds.source, name, folder, settings),
    openSide(clouds.target, name, folder, settings),
  ]);
  const copyBlob = async (blobName: string): Promise<void> => {
    const from = source.container.getBlockBlobClient(blobName);
    const [bytes, { metadata = {} }] = [await from.downloadToBuffer(), await from.getProperties()];
    await target.container.getBlockBlobClient(blobName).upload(bytes, bytes.length, { metadata });
  };
  const exportAndCopy = async (artifacts: readonly string[]): Promise<RunOrder> => {
    const order = source.order('export', { artifacts });
    await source.engine.run(order);
    await copyBlob(order.blobName);
    return target.order('import');
  };
  return Object.assign(settings, { source, target, copyBlob, exportAndCopy });
}

/** Starts the storage of both clouds, for the engines of one test file. */
async function startTransferClouds(): Promise<TransferClouds> {
  const folder = await mkdtemp(path.join(tmpdir(), 'engine-'));
  const clouds = await startStorageClouds();
  let number = 0;
  return {
    begin: () => begin(clouds, `transfer-${(number += 1)}`, folder),
    close: async () => {
      await clouds.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The message that some work fails with. */
export const failureOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no failure',
    (error: unknown) => (error as Error).message,
  );

/**
 * Runs every test of a file on clouds of the file's own, with a new beginning for each.
 * @param begin is handed what the test works with
 */
export function onTransferClouds(begin: (transfers: Transfers) => void): void {
  let clouds: TransferClouds;
  beforeAll(async () => {
    clouds = await startTransferClouds();
  });
  afterAll(() => clouds.close());
  beforeEach(async () => {
    begin(await clouds.begin());
  });
}
