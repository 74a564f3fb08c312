import { expect } from '@jest/globals';
import { createClients, type ContainerAccess } from '../../../../src/azure/storage/clients.ts';
import { connectContainer } from '../../../../src/azure/storage/container.ts';
import { storageError } from '../../../../src/azure/storage/errors.ts';
import type { BlobContainer, PulledBlock, SourceAuthorization } from '../../../../src/transfer/ports/blob-container.ts';
import type { Compare, Comparisons } from '../compared.ts';
import { CREDENTIAL, startReplay } from '../replay.ts';
import type { Replay } from '../replay.ts';

const NEVER = new AbortController().signal;
const ETAG = '"0x8D822088746A495"';
const ACCESS: ContainerAccess = { kind: 'token', credential: CREDENTIAL, audience: 'https://storage.azure.com' };
const AUTHORIZATION: SourceAuthorization = {
  url: 'https://other.blob.core.windows.net/container/source',
  authorization: null,
};
const BLOCK: PulledBlock = { id: 'MQ==', offset: 0, size: 4096, etag: ETAG, md5: null };

const uriOf = ({ origin }: Replay): string => `${origin}/container`;

const containerAt = (replay: Replay): BlobContainer =>
  connectContainer(uriOf(replay), 'target', ACCESS, { clock: { now: Date.now }, mask: () => undefined });

const pull = async (replay: Replay): Promise<void> =>
  containerAt(replay).direct?.pull('blob', BLOCK, AUTHORIZATION, NEVER);

/** The request fails with this ID, and states whether the error is temporary. */
const failure =
  (work: (replay: Replay) => Promise<unknown>, id: string, temporary: unknown = null): Compare<Replay> =>
  async (fact, replay) => {
    replay.answer(fact);
    await expect(work(replay)).rejects.toMatchObject({ facts: { id }, temporary });
  };

const find = (replay: Replay): Promise<unknown> => containerAt(replay).find('blob');

async function createContainer(replay: Replay): Promise<unknown> {
  try {
    return await createClients(uriOf(replay), ACCESS).retrying.create();
  } catch (error) {
    throw storageError(error, { side: 'target', uri: uriOf(replay), blob: '' });
  }
}

/** Blob storage, as handoffs read and write it. */
export const storage: Comparisons<Replay> = {
  open: startReplay,
  close: (replay) => replay.close(),
  facts: {
    'blob-GET-206-copy-properties': async (fact, replay) => {
      replay.answer({ ...fact, text: 'a'.repeat(1024) });
      const into = Buffer.alloc(1024);
      expect(await containerAt(replay).read('blob', { offset: 0, etag: ETAG }, into, NEVER)).toBeNull();
      expect(into.toString()).toBe('a'.repeat(1024));
      expect(replay.asked[0]).toMatchObject({ method: 'GET', path: fact.path, headers: { 'if-match': ETAG } });
    },
    'blob-GET-403-AuthorizationPermissionMismatch-sas': failure(
      (replay) => containerAt(replay).readText('blob'),
      'ACRT5004',
    ),
    // Entra tokens always have this form, so this code has no error ID of its own.
    'blob-GET-service-400-InvalidAuthenticationInfo-badBearer': failure(find, 'ACRT5005'),
    'blob-HEAD-403-badkey': failure(find, 'ACRT5015'),
    'blob-HEAD-404-container': failure(find, 'ACRT3006'),
    'blob-PUT-block-fromUrl-201': async (fact, replay) => {
      replay.answer(fact);
      await pull(replay);
      const [asked] = replay.asked;
      const { pathname, searchParams } = new URL(asked?.path ?? '', replay.origin);
      const query = `blockid=${searchParams.get('blockid') ?? ''}&comp=${searchParams.get('comp') ?? ''}`;
      expect(`${asked?.method ?? ''} ${pathname}?${query}`).toBe(`${fact.method} ${fact.path}`);
      expect(asked?.headers).toMatchObject(fact.with);
    },
    'blob-PUT-container-400-InvalidResourceName': failure(createContainer, 'ACRT5005'),
    'blob-PUT-container-409-PublicAccessNotPermitted': failure(createContainer, 'ACRT5015'),
    'blob-PUT-container-503-ServerBusy': failure(createContainer, 'ACRT5005', {
      retryAfterSeconds: null,
      throttled: true,
    }),
    // The status is that of the source, and no header repeats it. Other accounts return 404 and 409.
    'blob-PUT-fromUrl-403-CannotVerifyCopySource-issue': async (fact, replay) => {
      for (const status of [403, 404, 409]) await failure(pull, 'ACRT5008')({ ...fact, status }, replay);
    },
    'blob-PUT-fromUrl-412-ConditionNotMet': failure(pull, 'ACRT5003'),
    'blob-PUT-fromUrl-412-LeaseIdMissing': failure(pull, 'ACRT5018'),
  },
};
