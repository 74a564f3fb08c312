import { describe, expect, it } from '@jest/globals';
import { writeDocument } from '../../../../src/transfer/documents/codec.ts';
import { loadManifest, type LoadedManifest } from '../../../../src/transfer/documents/load-manifest.ts';
import type { HandedOverSource } from '../../../../src/transfer/model/request.ts';
import type { LocalFiles } from '../../../../src/transfer/ports/context.ts';
import { memoryContainer } from '../ports/blob-container.fixture.ts';
import { MANIFEST_DOCUMENT } from './documents.fixture.ts';
import { digestOf } from '../ports/registry.fixture.ts';

const PLACE = 'nightly.transfer.json';
const TEXT = writeDocument(MANIFEST_DOCUMENT);

function takingUp(
  intake: HandedOverSource,
  { file, blob }: { file?: string; blob?: string } = {},
): Promise<LoadedManifest> {
  const container = memoryContainer('https://target/transfer');
  if (blob !== undefined) container.put(PLACE, Buffer.from(blob));
  const files: LocalFiles = {
    read: (path) => Promise.resolve(path === PLACE ? (file ?? null) : null),
    list: () => Promise.resolve([]),
    write: () => Promise.reject(new Error('nothing is written here')),
  };
  return loadManifest(intake, container, files);
}

const byManifest: HandedOverSource = { kind: 'manifest', place: PLACE };

describe('loadManifest', () => {
  it.each([
    { name: 'a file', at: { file: TEXT } },
    { name: 'a blob in the container of the transfer blobs', at: { blob: TEXT } },
    { name: 'the file if a blob with the same name exists', at: { file: TEXT, blob: 'not a manifest' } },
  ])('reads $name', async ({ at }) => {
    const { batches, expected, manifest } = await takingUp(byManifest, at);

    expect(manifest).toEqual({ text: TEXT, document: MANIFEST_DOCUMENT });
    expect([...expected]).toMatchObject([['team/nightly-1.tar', { size: 8, md5: 'bWQ1' }]]);
    expect(batches).toMatchObject([
      {
        index: 1,
        blob: 'team/nightly-1.tar',
        bytes: 8,
        artifacts: [{ reference: { kind: 'tag', repository: 'team/api', tag: 'v1' }, digest: digestOf('api') }],
      },
    ]);
  });

  it('uses blob names in order, without expected facts', async () => {
    const { batches, expected, manifest } = await takingUp({ kind: 'blobs', names: ['b.tar', 'a.tar'] });

    expect(batches.map(({ index, blob, artifacts }) => [index, blob, artifacts])).toEqual([
      [1, 'b.tar', []],
      [2, 'a.tar', []],
    ]);
    expect([expected.size, manifest]).toEqual([0, null]);
  });

  it('reports the searched places if there is no manifest', async () => {
    await expect(takingUp(byManifest)).rejects.toMatchObject({
      facts: { id: 'ACRT7001', message: expect.stringMatching(/nightly\.transfer\.json.*https:\/\/target\/transfer/) },
    });
  });

  it('rejects a damaged file even if there is a blob', async () => {
    await expect(takingUp(byManifest, { file: '{', blob: TEXT })).rejects.toHaveProperty('facts.id', 'ACRT7001');
  });
});
