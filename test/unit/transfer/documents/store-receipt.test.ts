import { describe, expect, it } from '@jest/globals';
import { documentDigest, writeDocument } from '../../../../src/transfer/documents/codec.ts';
import type { ReceiptDocument } from '../../../../src/transfer/documents/schemas.ts';
import { checkReceipt, uploadReceipt, type Answered } from '../../../../src/transfer/documents/store-receipt.ts';
import type { TransferContext } from '../../../../src/transfer/ports/context.ts';
import { memoryContainer, type MemoryContainer } from '../ports/blob-container.fixture.ts';
import { fakeClock, unlimited } from '../ports/clock.fixture.ts';
import { digestOf } from '../ports/registry.fixture.ts';
import { RECEIPT_DOCUMENT } from './documents.fixture.ts';

const NAME = 'nightly.receipt.json';
const CONTEXT = { clock: fakeClock(), ending: unlimited() } as unknown as TransferContext;

const receipt = (changes: Partial<ReceiptDocument> = {}): string => writeDocument({ ...RECEIPT_DOCUMENT, ...changes });

function containerWith(text: string | null): MemoryContainer {
  const container = memoryContainer('https://target/transfer');
  if (text !== null) container.put(NAME, Buffer.from(text));
  return container;
}

const own: Answered = { source: RECEIPT_DOCUMENT.source, manifest: RECEIPT_DOCUMENT.manifest };
const at = (createdAt: string): Answered => ({ ...own, manifest: { digest: digestOf(createdAt), createdAt } });
const newer = at('2026-01-02T00:00:00.000Z');

describe('A5: checkReceipt', () => {
  it.each<{ name: string; text: string | null; next: Answered }>([
    { name: 'no receipt', text: null, next: own },
    { name: 'the receipt of the same manifest', text: receipt(), next: own },
    { name: 'the receipt of an earlier manifest', text: receipt(), next: newer },
    { name: 'a receipt from a clock that is a little ahead', text: receipt(), next: at('2025-12-31T23:55:00.000Z') },
    { name: 'a receipt without a manifest', text: receipt({ manifest: null }), next: newer },
    { name: 'a source in another case', text: receipt({ source: 'SOURCE.azurecr.io' }), next: newer },
    { name: 'an import without a manifest', text: receipt(), next: { source: null, manifest: null } },
  ])('accepts $name', async ({ text, next }) => {
    await expect(checkReceipt(containerWith(text), 'nightly', next)).resolves.toBeUndefined();
  });

  it.each<{ name: string; text: string; next: Answered }>([
    { name: 'a newer manifest', text: receipt(), next: at('2025-12-31T23:00:00.000Z') },
    { name: 'another source', text: receipt({ source: 'other.azurecr.io' }), next: newer },
    { name: 'an unknown manifest, because it is damaged', text: '{', next: own },
  ])('rejects the receipt of $name', async ({ text, next }) => {
    await expect(checkReceipt(containerWith(text), 'nightly', next)).rejects.toHaveProperty('facts.id', 'ACRT7011');
  });
});

describe('A5: uploadReceipt', () => {
  const upload = (container: MemoryContainer, text: string, answered: Answered) =>
    uploadReceipt(CONTEXT, container, { name: NAME, text }, answered);

  it('replaces the receipt of the same manifest', async () => {
    const container = containerWith(receipt());
    const text = receipt({ createdAt: '2026-01-03T00:00:00.000Z' });
    expect(await upload(container, text, own)).toMatchObject({ ok: true });
    expect([...container.blobs.keys()]).toEqual([NAME]);
    expect(container.text(NAME)).toBe(text);
  });

  it.each([
    { name: 'the receipt of another manifest', before: receipt() },
    { name: 'a damaged receipt', before: '{' },
  ])('keeps $name under a name of its own', async ({ before }) => {
    const container = containerWith(before);
    expect(await upload(container, 'new', newer)).toMatchObject({ ok: true });
    expect(container.text(NAME)).toBe('new');
    const digest = documentDigest(before).slice('sha256:'.length, 'sha256:'.length + 12);
    expect(container.text(`nightly.${digest}.receipt.json`)).toBe(before);
  });

  it('keeps the receipt that another writer has written in the meantime', async () => {
    const container = containerWith(null);
    const race = { ...container, replaceText: replaceAfter(container, receipt()) };
    expect(await upload(race, 'new', newer)).toMatchObject({ ok: true });
    expect([...container.blobs.values()].map(({ bytes }) => bytes.toString()).sort()).toEqual(
      ['new', receipt()].sort(),
    );
  });
});

/** Another writer is faster once. */
function replaceAfter(container: MemoryContainer, text: string): MemoryContainer['replaceText'] {
  let isFirst = true;
  return (...values) => {
    if (isFirst) container.put(NAME, Buffer.from(text));
    isFirst = false;
    return container.replaceText(...values);
  };
}
