import { describe, expect, it } from '@jest/globals';
import { documentDigest, writeDocument } from '../../../../src/transfer/documents/codec.ts';
import { loadManifest, type LoadedManifest } from '../../../../src/transfer/documents/load-manifest.ts';
import type { HandedOverSource } from '../../../../src/transfer/model/request.ts';
import type { ManifestDocument } from '../../../../src/transfer/documents/schemas.ts';
import type { LocalFiles } from '../../../../src/transfer/ports/context.ts';
import { memoryContainer } from '../ports/blob-container.fixture.ts';
import { MANIFEST_DOCUMENT, TARGET_ID } from './documents.fixture.ts';
import { digestOf } from '../ports/registry.fixture.ts';

const PLACE = 'team/nightly.transfer.json';
const TEXT = writeDocument(MANIFEST_DOCUMENT);

interface Found {
  readonly file?: string;
  readonly blob?: string;
  /** Name of the file and the blob. */
  readonly at?: string;
  readonly target?: string | null;
}

function load(
  source: HandedOverSource,
  { file, blob, at = PLACE, target = null }: Found = {},
): Promise<LoadedManifest> {
  const container = memoryContainer('https://target/transfer');
  if (blob !== undefined) container.put(at, Buffer.from(blob));
  const files: LocalFiles = {
    read: (path) => Promise.resolve(path === at ? (file ?? null) : null),
    list: (path) => Promise.resolve(path === at && file !== undefined ? [at] : []),
    write: () => Promise.reject(new Error('nothing is written here')),
  };
  return loadManifest(source, { container, files, target });
}

type ManifestSource = Extract<HandedOverSource, { kind: 'manifest' }>;

const byName: ManifestSource = {
  kind: 'manifest',
  place: PLACE,
  named: false,
  transferName: 'team/nightly',
  allowedSources: [],
};
const named: ManifestSource = { ...byName, named: true, transferName: null };

const changed = (changes: Partial<ManifestDocument>): string => writeDocument({ ...MANIFEST_DOCUMENT, ...changes });

describe('loadManifest', () => {
  it.each([
    { name: 'a file that the input names', source: named, at: { file: TEXT } },
    { name: 'a blob that the input names', source: named, at: { blob: TEXT } },
    { name: 'a blob that is found by its name', source: byName, at: { blob: TEXT } },
    { name: 'the file if the input names it and there is a blob too', source: named, at: { file: TEXT, blob: 'x' } },
    { name: 'the blob if no input names the file', source: byName, at: { file: 'not a manifest', blob: TEXT } },
  ])('reads $name', async ({ source, at }) => {
    const { batches, expected, manifest } = await load(source, at);

    expect(manifest).toEqual({ text: TEXT, digest: documentDigest(TEXT), document: MANIFEST_DOCUMENT });
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
    const { batches, expected, manifest } = await load({ kind: 'blobs', names: ['b.tar', 'a.tar'] });

    expect(batches.map(({ index, blob, artifacts }) => [index, blob, artifacts])).toEqual([
      [1, 'b.tar', []],
      [2, 'a.tar', []],
    ]);
    expect([expected.size, manifest]).toEqual([0, null]);
  });

  it('reports the searched places if there is no manifest', async () => {
    await expect(load(named)).rejects.toMatchObject({
      facts: {
        id: 'ACRT7001',
        message: expect.stringMatching(/neither a file nor a blob .*https:\/\/target\/transfer/),
      },
    });
  });

  it('A6: reports a file of the default name, which no input names', async () => {
    const { warnings } = await load(byName, { file: TEXT, blob: TEXT });
    expect(warnings).toEqual([expect.stringContaining(`set manifest: ${PLACE}`)]);
    expect((await load(byName, { blob: TEXT })).warnings).toEqual([]);
    expect((await load(named, { file: TEXT })).warnings).toEqual([]);
    await expect(load(byName, { file: TEXT })).rejects.toMatchObject({
      facts: { id: 'ACRT7001', message: expect.stringContaining('only used if the input manifest names it') },
    });
  });

  it('rejects a damaged file even if there is a blob', async () => {
    await expect(load(named, { file: '{', blob: TEXT })).rejects.toHaveProperty('facts.id', 'ACRT7001');
  });
});

describe('A5: a manifest is bound', () => {
  const other = TARGET_ID.replace('importregistry', 'elsewhere');

  it.each<{ name: string; source: HandedOverSource; found: Found; id: string }>([
    {
      name: 'the blob that is found by name',
      source: byName,
      found: { blob: changed({ transferName: 'x' }) },
      id: 'ACRT7009',
    },
    {
      name: 'the blob that the input names',
      source: named,
      found: { blob: changed({ transferName: 'x' }) },
      id: 'ACRT7009',
    },
    { name: 'a given transfer name', source: { ...named, transferName: 'x' }, found: { file: TEXT }, id: 'ACRT7009' },
    {
      name: 'the target',
      source: byName,
      found: { blob: changed({ target: other }), target: TARGET_ID },
      id: 'ACRT7009',
    },
    { name: 'at least one artifact', source: byName, found: { blob: changed({ batches: [] }) }, id: 'ACRT7009' },
    {
      name: 'an allowed source',
      source: { ...byName, allowedSources: ['a.azurecr.io'] },
      found: { blob: TEXT },
      id: 'ACRT7010',
    },
  ])('to $name', async ({ source, found, id }) => {
    await expect(load(source, found)).rejects.toHaveProperty('facts.id', id);
  });

  it.each<{ name: string; source: HandedOverSource; found: Found }>([
    { name: 'a file of any name', source: { ...named, place: 'any.json' }, found: { file: TEXT, at: 'any.json' } },
    {
      name: 'a target in another case',
      source: byName,
      found: { blob: changed({ target: TARGET_ID.toUpperCase() }), target: TARGET_ID },
    },
    { name: 'an unknown target', source: byName, found: { blob: TEXT, target: TARGET_ID } },
    { name: 'a target that this step does not know', source: byName, found: { blob: changed({ target: other }) } },
    { name: 'missing artifacts only', source: byName, found: { blob: changed({ batches: [], missing: ['a:1'] }) } },
    {
      name: 'an allowed source in another case',
      source: { ...byName, allowedSources: ['b.azurecr.io', 'SOURCE.azurecr.io'] },
      found: { blob: TEXT },
    },
  ])('and accepted with $name', async ({ source, found }) => {
    await expect(load(source, found)).resolves.toHaveProperty('manifest.document.transferName', 'team/nightly');
  });
});
