import { describe, expect, it } from '@jest/globals';
import { receiptsAndHistories, removeBlobs, staleTransfers } from '../../../../src/transfer/cleanup/leftovers.ts';
import { writeDocument } from '../../../../src/transfer/documents/codec.ts';
import { md5Of, memoryContainer, type MemoryContainer } from '../ports/blob-container.fixture.ts';
import { MANIFEST_DOCUMENT } from '../documents/documents.fixture.ts';

const [BATCH] = MANIFEST_DOCUMENT.batches;
const BYTES = Buffer.from('layers');
const HASH = '0123456789abcdef';

interface Wish {
  readonly transferName?: string;
  readonly blob?: string;
  readonly createdAt?: string;
  readonly md5?: string;
  readonly size?: number;
}

function leave(container: MemoryContainer, { transferName = 'nightly/1', createdAt, ...wish }: Wish = {}): void {
  if (BATCH === undefined) throw new Error('no batch');
  const name = wish.blob ?? `${transferName}-${HASH}.tar`;
  const blob = { ...BATCH.blob, name, size: wish.size ?? BYTES.length, md5: wish.md5 ?? md5Of(BYTES) };
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
    leave(container);
    container.put('nightly/1.plan.json', Buffer.from('{}'));
    container.put('nightly/1.receipt.json', Buffer.from('{}'));
    container.put('photo.tar', BYTES);
    expect(await namesIn(container)).toEqual([
      `nightly/1-${HASH}.tar`,
      'nightly/1.plan.json',
      'nightly/1.transfer.json',
    ]);
  });

  it('takes only those that are old enough', async () => {
    const container = memoryContainer('https://a.example/c');
    leave(container, { transferName: 'old', createdAt: '2026-01-01T00:00:00.000Z' });
    leave(container, { transferName: 'young', createdAt: '2026-01-09T00:00:00.000Z' });
    expect(await namesIn(container, Date.UTC(2026, 0, 5))).toEqual([`old-${HASH}.tar`, 'old.transfer.json']);
  });

  it('takes none that was created at that very moment', async () => {
    const container = memoryContainer('https://a.example/c');
    leave(container, { createdAt: '2026-01-05T00:00:00.000Z' });
    expect(await namesIn(container, Date.UTC(2026, 0, 5))).toEqual([]);
    expect(await namesIn(container, Date.UTC(2026, 0, 5) + 1)).toHaveLength(2);
  });

  it.each([
    { name: 'of another name', wish: { blob: 'photos/holiday.tar' } },
    { name: 'of another transfer', wish: { blob: `other-${HASH}.tar` } },
    { name: 'of another transfer whose name has the same length', wish: { blob: `nightly/2-${HASH}.tar` } },
    { name: 'of another transfer whose name begins the same', wish: { blob: `nightly/1-2-${HASH}.tar` } },
    { name: 'of another transfer whose name is longer', wish: { blob: `nightly/10-${HASH}.tar` } },
    { name: 'of another transfer in a folder of its own', wish: { blob: `copy/nightly/1-${HASH}.tar` } },
    { name: 'with another ending', wish: { blob: `nightly/1-${HASH}.tar.bak` } },
    { name: 'with a longer hash', wish: { blob: `nightly/1-${HASH}89.tar` } },
    { name: 'with a shorter hash', wish: { blob: `nightly/1-${HASH.slice(1)}.tar` } },
    { name: 'with a hash that is none', wish: { blob: 'nightly/1-0123456789abcdeg.tar' } },
    { name: 'with other content', wish: { md5: md5Of('something else') } },
    { name: 'with another size', wish: { size: BYTES.length + 1 } },
  ])('does not believe a manifest that lists a blob $name', async ({ wish }) => {
    const container = memoryContainer('https://a.example/c');
    leave(container, wish);
    expect(await namesIn(container)).toEqual(['nightly/1.transfer.json']);
  });

  it('does not believe a manifest that lists a blob whose MD5 storage does not know', async () => {
    const container = memoryContainer('https://a.example/c');
    leave(container);
    container.put(`nightly/1-${HASH}.tar`, BYTES, { md5: null });
    expect(await namesIn(container)).toEqual(['nightly/1.transfer.json']);
  });

  it.each([
    { name: 'damaged', text: '{' },
    { name: 'newer', text: JSON.stringify({ ...MANIFEST_DOCUMENT, version: 99 }) },
    { name: 'under another name', text: writeDocument(MANIFEST_DOCUMENT) },
  ])('leaves a manifest that is $name', async ({ text }) => {
    const container = memoryContainer('https://a.example/c');
    container.put('x.transfer.json', Buffer.from(text));
    expect(await staleTransfers(container, null)).toEqual([]);
  });
});

describe('removeBlobs', () => {
  it('leaves what was written since it was found', async () => {
    const container = memoryContainer('https://a.example/c');
    leave(container);
    const [left] = await staleTransfers(container, null);
    container.put(`nightly/1-${HASH}.tar`, Buffer.from('written anew'));
    expect(await removeBlobs(container, left?.blobs ?? [])).toMatchObject([{ name: 'nightly/1.transfer.json' }]);
    expect([...container.blobs.keys()]).toEqual([`nightly/1-${HASH}.tar`]);
  });
});

describe('receiptsAndHistories', () => {
  it('are receipts and histories', async () => {
    const container = memoryContainer('https://a.example/c');
    leave(container);
    container.put('nightly/1.receipt.json', Buffer.from('{}'));
    container.put('acr-transfer-abc.history.json', Buffer.from('{}'));
    const names = (await receiptsAndHistories(container)).map(({ name }) => name);
    expect(names).toEqual(['nightly/1.receipt.json', 'acr-transfer-abc.history.json']);
  });
});
