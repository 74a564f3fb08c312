import { describe, expect, it } from '@jest/globals';
import { writeDocument } from '../../../../../src/transfer/documents/codec.ts';
import type { ReceiptDocument } from '../../../../../src/transfer/documents/schemas.ts';
import type { LoadedBaseline, RegistryPair } from '../../../../../src/transfer/plan/baseline/baseline.ts';
import { loadReceipts } from '../../../../../src/transfer/plan/baseline/receipts.ts';
import type { LocalFiles } from '../../../../../src/transfer/ports/context.ts';
import { compileGlob } from '../../../../../src/transfer/selection/glob.ts';
import { memoryContainer } from '../../ports/blob-container.fixture.ts';
import { RECEIPT_DOCUMENT, TARGET_ID } from '../../documents/documents.fixture.ts';
import { digestOf } from '../../ports/registry.fixture.ts';

type Received = ReceiptDocument['artifacts'][number];

const REGISTRIES: RegistryPair = { source: 'source.azurecr.io', destination: TARGET_ID };
const FULL = 'The plan includes everything that is selected.';

const received = (
  tag: string,
  outcome: Received['outcome'] = 'verified',
  changes: Partial<Received> = {},
): Received => ({
  reference: `team/api:${tag}`,
  digest: digestOf(tag),
  children: [],
  outcome,
  blob: 'nightly-1.tar',
  failure: null,
  ...changes,
});

const receipt = (
  day: number,
  artifacts: readonly Received[],
  changes: Partial<ReceiptDocument> = {},
): ReceiptDocument => ({
  ...RECEIPT_DOCUMENT,
  createdAt: new Date(Date.UTC(2026, 0, day)).toISOString(),
  artifacts: [...artifacts],
  ...changes,
});

/** Texts by name. Documents are serialized. */
type Texts = Readonly<Record<string, ReceiptDocument | string>>;

const textOf = (document: ReceiptDocument | string = ''): string =>
  typeof document === 'string' ? document : writeDocument(document);

interface Scene {
  readonly files?: Texts;
  readonly blobs?: Texts;
  readonly places?: readonly string[];
  readonly registries?: RegistryPair;
}

function load({ files = {}, blobs = {}, places = [], registries = REGISTRIES }: Scene): Promise<LoadedBaseline> {
  const container = memoryContainer('https://source/transfer');
  for (const [name, document] of Object.entries(blobs)) container.put(name, Buffer.from(textOf(document)));
  const workspace: LocalFiles = {
    read: (path) => Promise.resolve(path in files ? textOf(files[path]) : null),
    list: (pattern) => Promise.resolve(Object.keys(files).filter(compileGlob(pattern))),
    write: () => Promise.reject(new Error('nothing is written here')),
  };
  return loadReceipts(places, registries, container, workspace);
}

/** Tags in the baseline, and the notes. */
async function baselineTagsOf(scene: Scene): Promise<{ tags: readonly string[]; notes: readonly string[] }> {
  const { baseline, notes } = await load(scene);
  expect(baseline.from).toBe('receipt');
  return { tags: [...(await baseline.of('team/api')).tags.keys()].sort(), notes };
}

const RECEIPTS = {
  'one.receipt.json': receipt(1, [received('v1')]),
  'two.receipt.json': receipt(2, [received('v2')]),
};

describe('receipts', () => {
  it.each([
    { name: 'all receipts in the container, if none is named', scene: { blobs: RECEIPTS } },
    { name: 'files that match a pattern', scene: { files: RECEIPTS, places: ['*.json'] } },
    { name: 'blobs that match a pattern', scene: { blobs: RECEIPTS, places: ['*.receipt.json'] } },
    {
      name: 'a file and a blob',
      scene: {
        files: { 'in/one.json': RECEIPTS['one.receipt.json'] },
        blobs: { 'two.receipt.json': RECEIPTS['two.receipt.json'] },
        places: ['in/*.json', 'two.receipt.json'],
      },
    },
    { name: 'a receipt that two patterns match, once', scene: { blobs: RECEIPTS, places: ['*.receipt.json', 'o*'] } },
  ])('are read: $name', async ({ scene }) => {
    expect(await baselineTagsOf(scene)).toEqual({ tags: ['v1', 'v2'], notes: [] });
  });

  it('are not read from the workspace if none is named', async () => {
    const files = { 'one.receipt.json': receipt(3, [received('v9')]) };

    expect(await baselineTagsOf({ files, blobs: RECEIPTS })).toEqual({ tags: ['v1', 'v2'], notes: [] });
  });

  it('have the children of an index, also from an earlier receipt', async () => {
    const children = [digestOf('arm'), digestOf('amd')];
    const blobs = {
      'one.receipt.json': receipt(1, [received('v1', 'verified', { children })]),
      // Was up to date, and so has no children.
      'two.receipt.json': receipt(2, [received('v1', 'verified', { blob: null })]),
    };
    const { baseline } = await load({ blobs });

    expect((await baseline.of('team/api')).digests).toEqual(new Set([digestOf('v1'), ...children]));
  });

  it.each([
    { name: 'failed later', newest: received('v1', 'failed'), tags: [] },
    { name: 'was not verified later', newest: received('v1', 'unverified'), tags: [] },
    { name: 'has no digest later', newest: received('v1', 'verified', { digest: null }), tags: [] },
    { name: 'was verified later', newest: received('v1'), tags: ['v1'] },
  ])('are combined so that the newest entry counts: an artifact that $name', async ({ newest, tags }) => {
    const receipts = { 'b.receipt.json': receipt(1, [received('v1')]), 'a.receipt.json': receipt(2, [newest]) };

    expect((await baselineTagsOf({ blobs: receipts })).tags).toEqual(tags);
  });

  it('give a tag the digest of the newest entry', async () => {
    const moved = received('v1', 'verified', { digest: digestOf('moved') });
    const blobs = { 'a.receipt.json': receipt(2, [moved]), 'b.receipt.json': receipt(1, [received('v1')]) };
    const { baseline } = await load({ blobs });

    expect((await baseline.of('team/api')).tags).toEqual(new Map([['v1', digestOf('moved')]]));
  });

  it('are used without artifacts whose names this action does not support', async () => {
    const odd = received('v2', 'verified', { reference: 'Team/API:v2' });

    expect(await baselineTagsOf({ blobs: { 'one.receipt.json': receipt(1, [received('v1'), odd]) } })).toEqual({
      tags: ['v1'],
      notes: [],
    });
  });
});

describe('an empty baseline with a note', () => {
  it.each([
    { name: 'if there is no receipt', scene: {}, note: `No receipt was found in https://source/transfer. ${FULL}` },
    {
      name: 'if a named receipt is missing',
      scene: { blobs: RECEIPTS, places: ['one.receipt.json', 'three.receipt.json'] },
      note: `A receipt can't be used: receipt three.receipt.json: there is neither a file nor a blob of this name. ${FULL}`,
    },
    {
      name: 'if a pattern matches nothing',
      scene: { blobs: RECEIPTS, places: ['*.receipt.json', 'receipts/*.json'] },
      note: `A receipt can't be used: receipt receipts/*.json: there is neither a file nor a blob of this name. ${FULL}`,
    },
    {
      name: 'if a receipt is damaged',
      scene: { blobs: { ...RECEIPTS, 'two.receipt.json': '{"kind":' } },
      note: expect.stringMatching(
        /^A receipt can't be used: receipt two\.receipt\.json: it is not JSON\. The plan includes/,
      ),
    },
    {
      name: 'if a receipt has a newer version',
      scene: { blobs: { ...RECEIPTS, 'two.receipt.json': '{"kind":"acr-transfer/receipt","version":2}' } },
      note: expect.stringMatching(
        /^A receipt can't be used: receipt two\.receipt\.json has version 2; this release reads up to 1\. The plan/,
      ),
    },
  ] as readonly { name: string; scene: Scene; note: string }[])('$name', async ({ scene, note }) => {
    expect(await baselineTagsOf(scene)).toEqual({ tags: [], notes: [note] });
  });

  it('if all receipts are about other registries', async () => {
    const blobs = { 'one.receipt.json': receipt(1, [received('v1')], { source: 'other.azurecr.io' }) };
    const { tags, notes } = await baselineTagsOf({ blobs });

    expect(tags).toEqual([]);
    expect(notes).toEqual([
      'The receipt one.receipt.json was ignored: it is about artifacts from other.azurecr.io.',
      `No receipt is about this source and target. ${FULL}`,
    ]);
  });

  it('if the target is unknown and the receipts are about two targets', async () => {
    const blobs = {
      ...RECEIPTS,
      'three.receipt.json': receipt(3, [received('v3')], { registryId: `${TARGET_ID}2`, registry: 'two.azurecr.us' }),
    };
    const { tags, notes } = await baselineTagsOf({ blobs, registries: { ...REGISTRIES, destination: null } });

    expect(tags).toEqual([]);
    expect(notes).toEqual([expect.stringMatching(/several targets.*import-pipeline.*The plan includes everything/)]);
  });
});

describe('receipts about several registries', () => {
  it.each([
    { name: 'source', changes: { source: 'other.azurecr.io' } },
    { name: 'source that is unknown', changes: { source: null } },
    { name: 'target', changes: { registryId: `${TARGET_ID}2` } },
  ])('are ignored if they have another $name', async ({ changes }) => {
    const blobs = { ...RECEIPTS, 'three.receipt.json': receipt(3, [received('v3')], changes) };
    const { tags, notes } = await baselineTagsOf({ blobs });

    expect(tags).toEqual(['v1', 'v2']);
    expect(notes).toEqual([expect.stringContaining('three.receipt.json was ignored')]);
  });

  it('are used if names differ only in case', async () => {
    const changes = { source: 'SOURCE.azurecr.io', registryId: TARGET_ID.toLowerCase() };

    expect((await baselineTagsOf({ blobs: { 'a.receipt.json': receipt(1, [received('v1')], changes) } })).tags).toEqual(
      ['v1'],
    );
  });

  it('are used if the target is unknown and they are all about one target', async () => {
    expect((await baselineTagsOf({ blobs: RECEIPTS, registries: { ...REGISTRIES, destination: null } })).tags).toEqual([
      'v1',
      'v2',
    ]);
  });
});
