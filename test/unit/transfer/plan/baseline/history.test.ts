import { describe, expect, it } from '@jest/globals';
import { readDocument, writeDocument } from '../../../../../src/transfer/documents/codec.ts';
import { HISTORY, type HistoryDocument, type ManifestDocument } from '../../../../../src/transfer/documents/schemas.ts';
import type { RegistryPair } from '../../../../../src/transfer/plan/baseline/baseline.ts';
import { addToHistory, loadHistory, type HistoryEntry } from '../../../../../src/transfer/plan/baseline/history.ts';
import type { BlobContainer } from '../../../../../src/transfer/ports/blob-container.ts';
import { memoryContainer, type MemoryContainer } from '../../ports/blob-container.fixture.ts';
import { MANIFEST_DOCUMENT, RECEIPT_DOCUMENT, TARGET_ID } from '../../documents/documents.fixture.ts';
import { digestOf } from '../../ports/registry.fixture.ts';

const REGISTRIES: RegistryPair = { source: 'source.azurecr.io', destination: TARGET_ID };
const START = Date.UTC(2026, 0, 1);
const DAY = 24 * 3600 * 1000;

const entry = (tag: string, day = 1, digest = digestOf(tag)): HistoryEntry => ({
  reference: `team/api:${tag}`,
  digest,
  children: [],
  at: new Date(START + day * DAY).toISOString(),
  transferName: 'nightly',
});

const emptyContainer = (): MemoryContainer => memoryContainer('https://source/transfer');

const add = (container: BlobContainer, entries: readonly HistoryEntry[], registries = REGISTRIES): Promise<void> =>
  addToHistory(container, registries, entries, START);

const namesOf = (container: MemoryContainer): string[] =>
  [...container.blobs.keys()].filter((name) => name.endsWith('.history.json'));

function historyIn(container: MemoryContainer): HistoryDocument {
  const [name = ''] = namesOf(container);
  return readDocument(HISTORY, container.text(name) ?? '', name);
}

async function loaded(container: BlobContainer, registries = REGISTRIES) {
  const { baseline, notes } = await loadHistory(container, registries);
  const { tags, digests } = await baseline.of('team/api');
  return { tags: Object.fromEntries(tags), digests, notes };
}

describe('the history', () => {
  it('has the newest entry of each artifact that was handed over', async () => {
    const container = emptyContainer();
    await add(container, [entry('v1'), entry('v2', 1)]);
    await add(container, [entry('v2', 2, digestOf('moved'))]);

    expect(await loaded(container)).toMatchObject({
      tags: { v1: digestOf('v1'), v2: digestOf('moved') },
      notes: [],
    });
  });

  it('keeps the newer entry when an older one is added later', async () => {
    const container = emptyContainer();
    await add(container, [entry('v1', 2, digestOf('newer'))]);
    await add(container, [entry('v1', 1)]);

    expect((await loaded(container)).tags).toEqual({ v1: digestOf('newer') });
  });

  it('has the children of an index', async () => {
    const container = emptyContainer();
    await add(container, [{ ...entry('v1'), children: [digestOf('arm')] }]);

    expect((await loaded(container)).digests).toEqual(new Set([digestOf('v1'), digestOf('arm')]));
  });

  it('is separate for another target, and for an unknown target', async () => {
    const container = emptyContainer();
    const pairs = [REGISTRIES, { ...REGISTRIES, destination: `${TARGET_ID}2` }, { ...REGISTRIES, destination: null }];
    for (const [index, each] of pairs.entries()) await add(container, [entry(`v${index}`)], each);
    const known = await Promise.all(pairs.map(async (each) => Object.keys((await loaded(container, each)).tags)));

    expect(known).toEqual([['v0'], ['v1'], ['v2']]);
    expect(namesOf(container)).toHaveLength(3);
  });

  it('ignores the case of names', async () => {
    const container = emptyContainer();
    await add(container, [entry('v1')]);
    const spelled = { source: 'SOURCE.azurecr.io', destination: TARGET_ID.toUpperCase() };

    expect((await loaded(container, spelled)).tags).toEqual({ v1: digestOf('v1') });
  });

  it('is empty at first, with a note', async () => {
    const { tags, notes } = await loaded(emptyContainer());

    expect(tags).toEqual({});
    expect(notes).toEqual([expect.stringMatching(/There is no history .*The plan includes everything/)]);
  });
});

describe('workflows that write one history at the same time', () => {
  it.each([2, 10])('lose no entries: %i workflows', async (writers) => {
    const container = emptyContainer();
    const tags = Array.from({ length: writers }, (_, index) => `v${index}`);
    await Promise.all(tags.map((tag) => add(container, [entry(tag)])));

    expect(Object.keys((await loaded(container)).tags).sort()).toEqual(tags);
  });

  it('lose no entries if one writes between the read and the write of another', async () => {
    const container = emptyContainer();
    await add(container, [entry('v0')]);
    let interrupted = false;
    const slow: BlobContainer = {
      ...container,
      replaceText: async (...write) => {
        if (!interrupted) {
          interrupted = true;
          await add(container, [entry('v1')]);
        }
        return container.replaceText(...write);
      },
    };
    await add(slow, [entry('v2')]);

    expect(Object.keys((await loaded(container)).tags)).toEqual(['v0', 'v1', 'v2']);
  });

  it('fail if another one is faster each time', async () => {
    const busy: BlobContainer = { ...emptyContainer(), replaceText: () => Promise.resolve(false) };

    await expect(add(busy, [entry('v1')])).rejects.toMatchObject({
      facts: { id: 'ACRT5005', message: expect.stringContaining('other workflows have written it') },
    });
  });
});

const manifest = (
  name: string,
  tags: readonly string[],
  changes: Partial<ManifestDocument> = {},
): ManifestDocument => ({
  ...MANIFEST_DOCUMENT,
  transferName: name,
  target: TARGET_ID,
  batches: MANIFEST_DOCUMENT.batches.map((batch) => ({
    ...batch,
    artifacts: batch.artifacts.flatMap((artifact) =>
      tags.map((tag) => ({ ...artifact, reference: `team/api:${tag}`, digest: digestOf(tag) })),
    ),
  })),
  ...changes,
});

function put(container: MemoryContainer, name: string, document: unknown): void {
  container.put(name, Buffer.from(typeof document === 'string' ? document : writeDocument(document)));
}

describe('a lost history', () => {
  function lost(): MemoryContainer {
    const container = emptyContainer();
    put(container, 'sync-1.transfer.json', manifest('sync-1', ['v1', 'v2']));
    put(container, 'sync-2.transfer.json', manifest('sync-2', ['v3'], { createdAt: '2026-01-02T00:00:00.000Z' }));
    return container;
  }

  it('is rebuilt from the transfer manifests, including children of an index, with a note', async () => {
    const { tags, digests, notes } = await loaded(lost());

    expect(Object.keys(tags)).toEqual(['v1', 'v2', 'v3']);
    expect(digests).toContain(digestOf('child'));
    expect(notes).toEqual([expect.stringMatching(/It was rebuilt from 2 transfer manifests/)]);
  });

  it.each([
    { name: 'is damaged', text: '{"kind":' },
    { name: 'is about other registries', text: '' },
  ])('is rebuilt if it $name, and then written completely', async ({ text }) => {
    const container = lost();
    await add(container, []);
    const [name = ''] = namesOf(container);
    put(container, name, text === '' ? { ...historyIn(container), registry: 'other.azurecr.io', artifacts: [] } : text);

    const { tags, notes } = await loaded(container);
    expect([Object.keys(tags), notes.length]).toEqual([['v1', 'v2', 'v3'], 1]);

    await add(container, [entry('v4')]);
    expect(historyIn(container).artifacts.map(({ reference }) => reference)).toEqual(
      ['v1', 'v2', 'v3', 'v4'].map((tag) => `team/api:${tag}`),
    );
    expect((await loaded(container)).notes).toEqual([]);
  });

  it('omits artifacts that failed according to a receipt', async () => {
    const container = lost();
    const [received] = RECEIPT_DOCUMENT.artifacts;
    const artifacts = [
      { ...received, reference: 'team/api:v1', outcome: 'failed' },
      { ...received, reference: 'team/api:v2' },
    ];
    put(container, 'sync-1.receipt.json', { ...RECEIPT_DOCUMENT, artifacts });

    expect(Object.keys((await loaded(container)).tags)).toEqual(['v2', 'v3']);
  });

  it.each([
    { name: 'the manifest', blob: 'sync-1.transfer.json' },
    { name: 'its receipt', blob: 'sync-1.receipt.json' },
  ])('ignores a transfer if $name is damaged, with a note', async ({ blob }) => {
    const container = lost();
    put(container, blob, '{');
    const { tags, notes } = await loaded(container);

    expect(Object.keys(tags)).toEqual(['v3']);
    expect(notes).toContainEqual(expect.stringContaining('sync-1.transfer.json was ignored'));
  });

  it.each([
    { name: 'another source', changes: { registry: 'other.azurecr.io' } },
    { name: 'another target', changes: { target: `${TARGET_ID}2` } },
    { name: 'an unknown target', changes: { target: null } },
  ])('ignores manifests of $name, without a note', async ({ changes }) => {
    const container = lost();
    put(container, 'sync-1.transfer.json', manifest('sync-1', ['v1', 'v2'], changes));
    const { tags, notes } = await loaded(container);

    expect(Object.keys(tags)).toEqual(['v3']);
    expect(notes).toEqual([expect.stringContaining('one transfer manifest')]);
  });
});
