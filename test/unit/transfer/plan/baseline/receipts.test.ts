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

const ENDS: RegistryPair = { source: 'source.azurecr.io', destination: TARGET_ID };
const FULL = 'Everything is planned, as if nothing had arrived.';

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

/** Texts by name; documents are written first. */
type Texts = Readonly<Record<string, ReceiptDocument | string>>;

const textOf = (document: ReceiptDocument | string = ''): string =>
  typeof document === 'string' ? document : writeDocument(document);

interface Scene {
  readonly files?: Texts;
  readonly blobs?: Texts;
  readonly places?: readonly string[];
  readonly ends?: RegistryPair;
}

function recalling({ files = {}, blobs = {}, places = [], ends = ENDS }: Scene): Promise<LoadedBaseline> {
  const container = memoryContainer('https://source/transfer');
  for (const [name, document] of Object.entries(blobs)) container.put(name, Buffer.from(textOf(document)));
  const workspace: LocalFiles = {
    read: (path) => Promise.resolve(path in files ? textOf(files[path]) : null),
    list: (pattern) => Promise.resolve(Object.keys(files).filter(compileGlob(pattern))),
    write: () => Promise.reject(new Error('nothing is written here')),
  };
  return loadReceipts(places, ends, container, workspace);
}

/** Tags that are known, and the notes. */
async function knownOf(scene: Scene): Promise<{ tags: readonly string[]; notes: readonly string[] }> {
  const { known, notes } = await recalling(scene);
  expect(known.from).toBe('receipt');
  return { tags: [...(await known.of('team/api')).tags.keys()].sort(), notes };
}

const NIGHTS = {
  'one.receipt.json': receipt(1, [received('v1')]),
  'two.receipt.json': receipt(2, [received('v2')]),
};

describe('receipts', () => {
  it.each([
    { name: 'every one in the container, when none is named', scene: { blobs: NIGHTS } },
    { name: 'files of a pattern', scene: { files: NIGHTS, places: ['*.json'] } },
    { name: 'blobs of a pattern', scene: { blobs: NIGHTS, places: ['*.receipt.json'] } },
    {
      name: 'a file and a blob',
      scene: {
        files: { 'in/one.json': NIGHTS['one.receipt.json'] },
        blobs: { 'two.receipt.json': NIGHTS['two.receipt.json'] },
        places: ['in/*.json', 'two.receipt.json'],
      },
    },
    { name: 'one that two patterns match, once', scene: { blobs: NIGHTS, places: ['*.receipt.json', 'o*'] } },
  ])('are read: $name', async ({ scene }) => {
    expect(await knownOf(scene)).toEqual({ tags: ['v1', 'v2'], notes: [] });
  });

  it('are those in the container, when none is named, whatever lies in the workspace', async () => {
    const files = { 'one.receipt.json': receipt(3, [received('v9')]) };

    expect(await knownOf({ files, blobs: NIGHTS })).toEqual({ tags: ['v1', 'v2'], notes: [] });
  });

  it('tell parts of an index, also those of the night before', async () => {
    const children = [digestOf('arm'), digestOf('amd')];
    const blobs = {
      'one.receipt.json': receipt(1, [received('v1', 'verified', { children })]),
      // Found there already, and so without its parts.
      'two.receipt.json': receipt(2, [received('v1', 'verified', { blob: null })]),
    };
    const { known } = await recalling({ blobs });

    expect((await known.of('team/api')).digests).toEqual(new Set([digestOf('v1'), ...children]));
  });

  it.each([
    { name: 'failed again', newest: received('v1', 'failed'), tags: [] },
    { name: 'was not verified', newest: received('v1', 'unverified'), tags: [] },
    { name: 'has no digest', newest: received('v1', 'verified', { digest: null }), tags: [] },
    { name: 'arrived again', newest: received('v1'), tags: ['v1'] },
  ])('are outdone by the newest: what $name', async ({ newest, tags }) => {
    const nights = { 'b.receipt.json': receipt(1, [received('v1')]), 'a.receipt.json': receipt(2, [newest]) };

    expect((await knownOf({ blobs: nights })).tags).toEqual(tags);
  });

  it('say with the newest word which digest a tag has', async () => {
    const moved = received('v1', 'verified', { digest: digestOf('moved') });
    const blobs = { 'a.receipt.json': receipt(2, [moved]), 'b.receipt.json': receipt(1, [received('v1')]) };
    const { known } = await recalling({ blobs });

    expect((await known.of('team/api')).tags).toEqual(new Map([['v1', digestOf('moved')]]));
  });

  it('may name what this action cannot, as the service does; it counts for nothing', async () => {
    const odd = received('v2', 'verified', { reference: 'Team/API:v2' });

    expect(await knownOf({ blobs: { 'one.receipt.json': receipt(1, [received('v1'), odd]) } })).toEqual({
      tags: ['v1'],
      notes: [],
    });
  });
});

describe('receipts that cannot be used lead to a full plan, and say so', () => {
  it.each([
    { name: 'there is none', scene: {}, note: `No receipt was found in https://source/transfer. ${FULL}` },
    {
      name: 'one that is named is missing',
      scene: { blobs: NIGHTS, places: ['one.receipt.json', 'three.receipt.json'] },
      note: `A receipt cannot be used: receipt three.receipt.json: there is neither a file nor a blob of this name. ${FULL}`,
    },
    {
      name: 'a pattern matches nothing',
      scene: { blobs: NIGHTS, places: ['*.receipt.json', 'receipts/*.json'] },
      note: `A receipt cannot be used: receipt receipts/*.json: there is neither a file nor a blob of this name. ${FULL}`,
    },
    {
      name: 'one is damaged',
      scene: { blobs: { ...NIGHTS, 'two.receipt.json': '{"kind":' } },
      note: expect.stringMatching(
        /^A receipt cannot be used: receipt two\.receipt\.json: it is not JSON\. Everything is/,
      ),
    },
    {
      name: 'one is of a newer version',
      scene: { blobs: { ...NIGHTS, 'two.receipt.json': '{"kind":"acr-transfer/receipt","version":2}' } },
      note: expect.stringMatching(
        /^A receipt cannot be used: receipt two\.receipt\.json has version 2; this release reads up to 1\. Everything/,
      ),
    },
  ] as readonly { name: string; scene: Scene; note: string }[])('$name', async ({ scene, note }) => {
    expect(await knownOf(scene)).toEqual({ tags: [], notes: [note] });
  });

  it('all are of other registries', async () => {
    const blobs = { 'one.receipt.json': receipt(1, [received('v1')], { source: 'other.azurecr.io' }) };
    const { tags, notes } = await knownOf({ blobs });

    expect(tags).toEqual([]);
    expect(notes).toEqual([
      'The receipt one.receipt.json was put aside: it is of artifacts from other.azurecr.io.',
      `No receipt is of this source and target. ${FULL}`,
    ]);
  });

  it('this step does not know the target, and they are of two', async () => {
    const blobs = {
      ...NIGHTS,
      'three.receipt.json': receipt(3, [received('v3')], { registryId: `${TARGET_ID}2`, registry: 'two.azurecr.us' }),
    };
    const { tags, notes } = await knownOf({ blobs, ends: { ...ENDS, destination: null } });

    expect(tags).toEqual([]);
    expect(notes).toEqual([expect.stringMatching(/several targets.*import-pipeline.*Everything is planned/)]);
  });
});

describe('receipts of other registries beside ours', () => {
  it.each([
    { name: 'source', changes: { source: 'other.azurecr.io' } },
    { name: 'source, which nobody knows,', changes: { source: null } },
    { name: 'target', changes: { registryId: `${TARGET_ID}2` } },
  ])('are put aside: another $name', async ({ changes }) => {
    const blobs = { ...NIGHTS, 'three.receipt.json': receipt(3, [received('v3')], changes) };
    const { tags, notes } = await knownOf({ blobs });

    expect(tags).toEqual(['v1', 'v2']);
    expect(notes).toEqual([expect.stringContaining('three.receipt.json was put aside')]);
  });

  it('are ours however names are spelled', async () => {
    const changes = { source: 'SOURCE.azurecr.io', registryId: TARGET_ID.toLowerCase() };

    expect((await knownOf({ blobs: { 'a.receipt.json': receipt(1, [received('v1')], changes) } })).tags).toEqual([
      'v1',
    ]);
  });

  it('are ours when this step does not know the target, and all are of one', async () => {
    expect((await knownOf({ blobs: NIGHTS, ends: { ...ENDS, destination: null } })).tags).toEqual(['v1', 'v2']);
  });
});
