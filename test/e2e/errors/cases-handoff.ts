/** Errors of storage, of the network and of directories, most of them in one handoff of many blobs. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDocument } from '../../../src/transfer/documents/codec.ts';
import type { TransferErrorId } from '../../../src/transfer/errors/catalog.ts';
import type { Side } from '../../sandbox/description.ts';
import type { FaultRule } from '../../sandbox/fault-rule.ts';
import { manifestOf } from '../containers.ts';
import { ALWAYS, rule } from '../faults/kind.ts';
import { storageError } from '../faults/kinds-data.ts';
import type { HandoffScene } from '../handoff.fixture.ts';
import { FAST, type ErrorCase } from './case.ts';

const CONTENT = Buffer.from('the content of a transfer blob');

/** More than 50,000 blocks of 40 MiB. */
const TOO_MANY_BYTES = String(50_000 * 40 * 1024 ** 2 + 1);

interface FailingBlob {
  readonly id: TransferErrorId;
  readonly side: Side;
  readonly fault: FaultRule['fault'];
  readonly method?: string;
}

/** Each fault applies only to the blob of its ID. */
const FAILING_BLOBS: readonly FailingBlob[] = [
  { id: 'ACRT2005', side: 'target', fault: { kind: 'reset' } },
  { id: 'ACRT5005', side: 'source', fault: storageError(400, 'OutOfRangeInput') },
  {
    id: 'ACRT5012',
    side: 'source',
    method: 'HEAD',
    fault: { kind: 'alter', set: { 'content-length': TOO_MANY_BYTES } },
  },
  { id: 'ACRT5016', side: 'source', fault: storageError(403, 'AuthorizationFailure') },
  { id: 'ACRT5017', side: 'source', fault: storageError(403, 'KeyBasedAuthenticationNotPermitted') },
  { id: 'ACRT5018', side: 'target', method: 'PUT', fault: storageError(412, 'LeaseIdMissing') },
  { id: 'ACRT5019', side: 'source', method: 'GET', fault: storageError(409, 'BlobArchived') },
  { id: 'ACRT5020', side: 'source', fault: storageError(403, 'KeyVaultEncryptionKeyNotFound') },
];

const FOREIGN: TransferErrorId = 'ACRT5013';
const IDS: readonly TransferErrorId[] = [...FAILING_BLOBS.map(({ id }) => id), FOREIGN];

const blobOf = (id: TransferErrorId): string => `errors-${id}.tar`;

async function prepareBlobs({ containers, sandbox }: HandoffScene): Promise<void> {
  for (const id of IDS) await containers.put('source', blobOf(id), CONTENT);
  for (const { id, side, fault, method } of FAILING_BLOBS) {
    const of = { path: `/${blobOf(id)}`, times: ALWAYS, ...(method === undefined ? {} : { method }) };
    await sandbox.addFault(side, rule('storage', fault, of));
  }
  // A block of another tool that was interrupted. No list contains it.
  const foreign = containers.client('target').getBlockBlobClient(blobOf(FOREIGN));
  await foreign.stageBlock(Buffer.from('other').toString('base64'), CONTENT, CONTENT.length);
}

const MEDIA = 'errors-media';
const IN_THE_WAY = 'errors-folder.tar';
const HANDED_OVER = 'errors-folder.transfer.json';

/** A blob with its manifest, and a folder of the same name in the directory. */
async function putFolderInTheWay({ containers, workspace }: HandoffScene): Promise<void> {
  const manifest = manifestOf('errors-folder', IN_THE_WAY, CONTENT, new Date());
  await containers.put('source', IN_THE_WAY, CONTENT);
  writeFileSync(join(workspace, HANDED_OVER), writeDocument(manifest));
  mkdirSync(join(workspace, MEDIA, IN_THE_WAY), { recursive: true });
}

/** See {@link ErrorCase}. */
export const HANDOFF_CASES: readonly ErrorCase[] = [
  {
    name: 'blobs that storage refuses, each for another reason',
    ids: IDS,
    arrange: prepareBlobs,
    inputs: (scene) => scene.bySas(IDS.map(blobOf), { 'handoff-method': 'stream' }),
    options: () => ({ env: FAST }),
  },
  {
    name: 'a source without an address, and a target whose certificate is not trusted',
    ids: ['ACRT2012', 'ACRT2013'],
    inputs: (scene) => scene.bySas(['errors-any.tar'], { 'source-container': 'https://nowhere.invalid/transfer' }),
    options: ({ clouds }) => ({ env: { ...FAST, NODE_EXTRA_CA_CERTS: clouds.source.caFile } }),
  },
  {
    name: 'a directory that stands in place of the file',
    ids: ['ACRT5014'],
    arrange: putFolderInTheWay,
    inputs: (scene) =>
      scene.bySas([], { blobs: '', manifest: HANDED_OVER, 'target-container': `./${MEDIA}`, 'target-sas': '' }),
  },
];
