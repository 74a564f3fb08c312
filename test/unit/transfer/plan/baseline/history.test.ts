import { describe, expect, it } from '@jest/globals';
import { readDocument, writeDocument } from '../../../../../src/transfer/documents/codec.ts';
import { HISTORY, type HistoryDocument, type ManifestDocument } from '../../../../../src/transfer/documents/schemas.ts';
import type { RegistryPair } from '../../../../../src/transfer/plan/baseline/baseline.ts';
import { addToHistory, loadHistory, type HistoryEntry } from '../../../../../src/transfer/plan/baseline/history.ts';
import type { BlobContainer } from '../../../../../src/transfer/ports/blob-container.ts';
import { memoryContainer, type MemoryContainer } from '../../ports/blob-container.fixture.ts';
import { MANIFEST_DOCUMENT, RECEIPT_DOCUMENT, TARGET_ID } from '../../documents/documents.fixture.ts';
import { digestOf } from '../../ports/registry.fixture.ts';

const ENDS: RegistryPair = { source: 'source.azurecr.io', destination: TARGET_ID };
const START = Date.UTC(2026, 0, 1);
const DAY = 24 * 3600 * 1000;

const entry = (tag: string, day = 1, digest = digestOf(tag)): HistoryEntry => ({
  reference: `team/api:${tag}`,
  digest,
  children: [],
  at: new Date(START + day * DAY).toISOString(),
  transferName: 'nightly',
});

const opened = (): MemoryContainer => memoryContainer('https://source/transfer');

const add = (container: BlobContainer, entries: readonly HistoryEntry[], ends = ENDS): Promise<void> =>
  addToHistory(container, ends, entries, START);

const namesOf = (container: MemoryContainer): string[] =>
  [...container.blobs.keys()].filter((name) => name.endsWith('.history.json'));

function historyIn(container: MemoryContainer): HistoryDocument {
  const [name = ''] = namesOf(container);
  return readDocument(HISTORY, container.text(name) ?? '', name);
}

async function recalled(container: BlobContainer, ends = ENDS) {
  const { known, notes } = await loadHistory(container, ends);
  const { tags, digests } = await known.of('team/api');
  return { tags: Object.fromEntries(tags), digests, notes };
}

describe('the history', () => {
  it('remembers what was handed over, the newest of each artifact', async () => {
    const container = opened();
    await add(container, [entry('v1'), entry('v2', 1)]);
    await add(container, [entry('v2', 2, digestOf('moved'))]);

    expect(await recalled(container)).toMatchObject({
      tags: { v1: digestOf('v1'), v2: digestOf('moved') },
      notes: [],
    });
  });

  it('does not go back when an older night is added late', async () => {
    const container = opened();
    await add(container, [entry('v1', 2, digestOf('newer'))]);
    await add(container, [entry('v1', 1)]);

    expect((await recalled(container)).tags).toEqual({ v1: digestOf('newer') });
  });

  it('remembers the parts of an index', async () => {
    const container = opened();
    await add(container, [{ ...entry('v1'), children: [digestOf('arm')] }]);

    expect((await recalled(container)).digests).toEqual(new Set([digestOf('v1'), digestOf('arm')]));
  });

  it('is another for another target, and for an unknown one', async () => {
    const container = opened();
    const ends = [ENDS, { ...ENDS, destination: `${TARGET_ID}2` }, { ...ENDS, destination: null }];
    for (const [index, each] of ends.entries()) await add(container, [entry(`v${index}`)], each);
    const known = await Promise.all(ends.map(async (each) => Object.keys((await recalled(container, each)).tags)));

    expect(known).toEqual([['v0'], ['v1'], ['v2']]);
    expect(namesOf(container)).toHaveLength(3);
  });

  it('is the same however names are spelled', async () => {
    const container = opened();
    await add(container, [entry('v1')]);
    const spelled = { source: 'SOURCE.azurecr.io', destination: TARGET_ID.toUpperCase() };

    expect((await recalled(container, spelled)).tags).toEqual({ v1: digestOf('v1') });
  });

  it('is the first one, and says so', async () => {
    const { tags, notes } = await recalled(opened());

    expect(tags).toEqual({});
    expect(notes).toEqual([expect.stringMatching(/There is no history .*Everything is planned, as if nothing/)]);
  });
});

describe('workflows that write one history at once', () => {
  it.each([2, 10])('lose nothing: %i of them', async (writers) => {
    const container = opened();
    const tags = Array.from({ length: writers }, (_, index) => `v${index}`);
    await Promise.all(tags.map((tag) => add(container, [entry(tag)])));

    expect(Object.keys((await recalled(container)).tags).sort()).toEqual(tags);
  });

  it('lose nothing when one writes between the reading and the writing of another', async () => {
    const container = opened();
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

    expect(Object.keys((await recalled(container)).tags)).toEqual(['v0', 'v1', 'v2']);
  });

  it('give up, and say so, when others are always faster', async () => {
    const busy: BlobContainer = { ...opened(), replaceText: () => Promise.resolve(false) };

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

describe('a history that is lost', () => {
  function lost(): MemoryContainer {
    const container = opened();
    put(container, 'night-1.transfer.json', manifest('night-1', ['v1', 'v2']));
    put(container, 'night-2.transfer.json', manifest('night-2', ['v3'], { createdAt: '2026-01-02T00:00:00.000Z' }));
    return container;
  }

  it('is rebuilt from the transfer manifests, with the parts of an index, and says so', async () => {
    const { tags, digests, notes } = await recalled(lost());

    expect(Object.keys(tags)).toEqual(['v1', 'v2', 'v3']);
    expect(digests).toContain(digestOf('child'));
    expect(notes).toEqual([expect.stringMatching(/It was rebuilt from 2 transfer manifests/)]);
  });

  it.each([
    { name: 'is damaged', text: '{"kind":' },
    { name: 'is of other registries', text: '' },
  ])('is rebuilt when it $name, and then written whole', async ({ text }) => {
    const container = lost();
    await add(container, []);
    const [name = ''] = namesOf(container);
    put(container, name, text === '' ? { ...historyIn(container), registry: 'other.azurecr.io', artifacts: [] } : text);

    const { tags, notes } = await recalled(container);
    expect([Object.keys(tags), notes.length]).toEqual([['v1', 'v2', 'v3'], 1]);

    await add(container, [entry('v4')]);
    expect(historyIn(container).artifacts.map(({ reference }) => reference)).toEqual(
      ['v1', 'v2', 'v3', 'v4'].map((tag) => `team/api:${tag}`),
    );
    expect((await recalled(container)).notes).toEqual([]);
  });

  it('takes out what a receipt has not seen arrive', async () => {
    const container = lost();
    const [received] = RECEIPT_DOCUMENT.artifacts;
    const artifacts = [
      { ...received, reference: 'team/api:v1', outcome: 'failed' },
      { ...received, reference: 'team/api:v2' },
    ];
    put(container, 'night-1.receipt.json', { ...RECEIPT_DOCUMENT, artifacts });

    expect(Object.keys((await recalled(container)).tags)).toEqual(['v2', 'v3']);
  });

  it.each([
    { name: 'the manifest', blob: 'night-1.transfer.json' },
    { name: 'its receipt', blob: 'night-1.receipt.json' },
  ])('puts a night aside when $name is damaged, and says so', async ({ blob }) => {
    const container = lost();
    put(container, blob, '{');
    const { tags, notes } = await recalled(container);

    expect(Object.keys(tags)).toEqual(['v3']);
    expect(notes).toContainEqual(expect.stringContaining('night-1.transfer.json was put aside'));
  });

  it.each([
    { name: 'another source', changes: { registry: 'other.azurecr.io' } },
    { name: 'another target', changes: { target: `${TARGET_ID}2` } },
    { name: 'an unknown target', changes: { target: null } },
  ])('does not speak of manifests of $name', async ({ changes }) => {
    const container = lost();
    put(container, 'night-1.transfer.json', manifest('night-1', ['v1', 'v2'], changes));
    const { tags, notes } = await recalled(container);

    expect(Object.keys(tags)).toEqual(['v3']);
    expect(notes).toEqual([expect.stringContaining('one transfer manifest')]);
  });
});
