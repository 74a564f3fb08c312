import { describe, expect, it } from '@jest/globals';
import { receiptsAndHistories, removeBlobs, staleTransfers } from '../../../../src/transfer/cleanup/leftovers.ts';
import { writeDocument } from '../../../../src/transfer/documents/codec.ts';
import { unlimited } from '../ports/clock.fixture.ts';
import { md5Of, memoryContainer, type MemoryContainer } from '../ports/blob-container.fixture.ts';
import { MANIFEST_DOCUMENT } from '../documents/documents.fixture.ts';

const [BATCH] = MANIFEST_DOCUMENT.batches;
const BYTES = Buffer.from('layers');
const HASH = '0123456789abcdef';

interface TransferBlob {
  readonly transferName?: string;
  readonly blob?: string;
  readonly createdAt?: string;
  readonly md5?: string;
  readonly size?: number;
}

function putTransfer(
  container: MemoryContainer,
  { transferName = 'nightly/1', createdAt, ...changes }: TransferBlob = {},
): void {
  if (BATCH === undefined) throw new Error('no batch');
  const name = changes.blob ?? `${transferName}-${HASH}.tar`;
  const blob = { ...BATCH.blob, name, size: changes.size ?? BYTES.length, md5: changes.md5 ?? md5Of(BYTES) };
  const batches = [{ ...BATCH, blob }];
  const manifest = { ...MANIFEST_DOCUMENT, transferName, createdAt: createdAt ?? '2026-01-01T00:00:00.000Z', batches };
  container.put(name, BYTES);
  container.put(`${transferName}.transfer.json`, Buffer.from(writeDocument(manifest)));
}

const namesIn = async (container: MemoryContainer, before: number | null = null): Promise<readonly string[]> =>
  (await staleTransfers(container, before)).flatMap(({ blobs }) => blobs.map(({ name }) => name));

describe('staleTransfers', () => {
  it('finds blob, plan and manifest of a transfer, the manifest last', async () => {
    const container = memoryContainer('https://a.example/c');
    putTransfer(container);
    container.put('nightly/1.plan.json', Buffer.from('{}'));
    container.put('nightly/1.receipt.json', Buffer.from('{}'));
    container.put('photo.tar', BYTES);
    expect(await namesIn(container)).toEqual([
      `nightly/1-${HASH}.tar`,
      'nightly/1.plan.json',
      'nightly/1.transfer.json',
    ]);
  });

  it('B2: finds the blobs of a shard, which are named after the plan', async () => {
    const container = memoryContainer('https://a.example/c');
    putTransfer(container, { transferName: 'nightly.1-of-2', blob: `nightly-${HASH}.tar` });
    expect(await namesIn(container)).toEqual([`nightly-${HASH}.tar`, 'nightly.1-of-2.transfer.json']);
  });

  describe('of a transfer whose manifest was replaced by a later one of the same name', () => {
    const [old, limit, young] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 5), Date.UTC(2026, 0, 9)];
    const other = 'nightly/1-fedcba9876543210.tar';
    const metadata = { category: 'acr-transfer-blob' };
    const replaced = (): MemoryContainer => {
      const container = memoryContainer('https://a.example/c');
      putTransfer(container, { createdAt: '2026-01-09T00:00:00.000Z' });
      return container;
    };

    it('B2: finds the blobs that no manifest lists any more', async () => {
      const container = replaced();
      container.put(other, BYTES, { modifiedAt: old, metadata });
      expect(await namesIn(container, limit)).toEqual([other]);
    });

    it.each([
      { name: 'that is not old enough', blob: other, facts: { modifiedAt: young, metadata } },
      { name: 'that no export has written', blob: other, facts: { modifiedAt: old, metadata: {} } },
      { name: 'that a manifest lists', blob: `nightly/1-${HASH}.tar`, facts: { modifiedAt: old, metadata } },
      { name: 'of an unknown transfer', blob: `weekly-${HASH}.tar`, facts: { modifiedAt: old, metadata } },
    ])('ignores a blob $name', async ({ blob, facts }) => {
      const container = replaced();
      container.put(blob, BYTES, facts);
      expect(await namesIn(container, limit)).toEqual([]);
    });

    it('ignores them if another manifest of the transfer cannot be read', async () => {
      const container = replaced();
      container.put(other, BYTES, { modifiedAt: old, metadata });
      container.put('nightly/1.2-of-2.transfer.json', Buffer.from('{'));
      expect(await namesIn(container, limit)).toEqual([]);
    });
  });

  it('finds only transfers that are old enough', async () => {
    const container = memoryContainer('https://a.example/c');
    putTransfer(container, { transferName: 'old', createdAt: '2026-01-01T00:00:00.000Z' });
    putTransfer(container, { transferName: 'young', createdAt: '2026-01-09T00:00:00.000Z' });
    expect(await namesIn(container, Date.UTC(2026, 0, 5))).toEqual([`old-${HASH}.tar`, 'old.transfer.json']);
  });

  it('finds no transfer that was created at the limit', async () => {
    const container = memoryContainer('https://a.example/c');
    putTransfer(container, { createdAt: '2026-01-05T00:00:00.000Z' });
    expect(await namesIn(container, Date.UTC(2026, 0, 5))).toEqual([]);
    expect(await namesIn(container, Date.UTC(2026, 0, 5) + 1)).toHaveLength(2);
  });

  it.each([
    { name: 'with another name', changes: { blob: 'photos/holiday.tar' } },
    { name: 'of another transfer', changes: { blob: `other-${HASH}.tar` } },
    { name: 'of another transfer whose name has the same length', changes: { blob: `nightly/2-${HASH}.tar` } },
    { name: 'of another transfer whose name begins the same', changes: { blob: `nightly/1-2-${HASH}.tar` } },
    { name: 'of another transfer whose name is longer', changes: { blob: `nightly/10-${HASH}.tar` } },
    { name: 'of another transfer in a folder of its own', changes: { blob: `copy/nightly/1-${HASH}.tar` } },
    { name: 'with another suffix', changes: { blob: `nightly/1-${HASH}.tar.bak` } },
    { name: 'with a longer hash', changes: { blob: `nightly/1-${HASH}89.tar` } },
    { name: 'with a shorter hash', changes: { blob: `nightly/1-${HASH.slice(1)}.tar` } },
    { name: 'with an invalid hash', changes: { blob: 'nightly/1-0123456789abcdeg.tar' } },
    { name: 'with other content', changes: { md5: md5Of('something else') } },
    { name: 'with another size', changes: { size: BYTES.length + 1 } },
  ])('ignores a listed blob $name', async ({ changes }) => {
    const container = memoryContainer('https://a.example/c');
    putTransfer(container, changes);
    expect(await namesIn(container)).toEqual(['nightly/1.transfer.json']);
  });

  it('ignores a listed blob without an MD5 in storage', async () => {
    const container = memoryContainer('https://a.example/c');
    putTransfer(container);
    container.put(`nightly/1-${HASH}.tar`, BYTES, { md5: null });
    expect(await namesIn(container)).toEqual(['nightly/1.transfer.json']);
  });

  it.each([
    { name: 'damaged', text: '{' },
    { name: 'newer', text: JSON.stringify({ ...MANIFEST_DOCUMENT, version: 99 }) },
    { name: 'under another name', text: writeDocument(MANIFEST_DOCUMENT) },
  ])('keeps a manifest that is $name', async ({ text }) => {
    const container = memoryContainer('https://a.example/c');
    container.put('x.transfer.json', Buffer.from(text));
    expect(await staleTransfers(container, null)).toEqual([]);
  });
});

describe('removeBlobs', () => {
  it('keeps a blob that was written since it was found', async () => {
    const container = memoryContainer('https://a.example/c');
    putTransfer(container);
    const [stale] = await staleTransfers(container, null);
    container.put(`nightly/1-${HASH}.tar`, Buffer.from('written anew'));
    const removed: string[] = [];
    await removeBlobs(container, stale?.blobs ?? [], unlimited(), ({ name }) => removed.push(name));
    expect(removed).toEqual(['nightly/1.transfer.json']);
    expect([...container.blobs.keys()]).toEqual([`nightly/1-${HASH}.tar`]);
  });
});

describe('receiptsAndHistories', () => {
  it('finds receipts and histories', async () => {
    const container = memoryContainer('https://a.example/c');
    putTransfer(container);
    container.put('nightly/1.receipt.json', Buffer.from('{}'));
    container.put('acr-transfer-abc.history.json', Buffer.from('{}'));
    const names = (await receiptsAndHistories(container)).map(({ name }) => name);
    expect(names).toEqual(['nightly/1.receipt.json', 'acr-transfer-abc.history.json']);
  });
});
