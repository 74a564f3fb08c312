import { describe, expect, it } from '@jest/globals';
import { writeDocument } from '../../../../src/transfer/documents/codec.ts';
import type { ManifestDocument } from '../../../../src/transfer/documents/schemas.ts';
import type { PreparedPlan } from '../../../../src/transfer/plan/plan-transfer.ts';
import { withEarlierBatches } from '../../../../src/transfer/plan/record-history.ts';
import { md5Of, memoryContainer, type MemoryContainer } from '../ports/blob-container.fixture.ts';
import { MANIFEST_DOCUMENT } from '../documents/documents.fixture.ts';

const BYTES = Buffer.from('packed');

type Batch = ManifestDocument['batches'][number];

function batch(name: string): Batch {
  const [first] = MANIFEST_DOCUMENT.batches;
  if (first === undefined) throw new Error('the manifest has no batch');
  return { ...first, blob: { ...first.blob, name, size: BYTES.length, md5: md5Of(BYTES) } };
}

const manifest = (...names: readonly string[]): ManifestDocument => ({
  ...MANIFEST_DOCUMENT,
  transferName: 'nightly',
  batches: names.map(batch),
});

function containerWith(earlier: string | null, ...blobs: readonly string[]): MemoryContainer {
  const container = memoryContainer('https://source/transfer');
  if (earlier !== null) container.put('nightly.transfer.json', Buffer.from(earlier));
  for (const name of blobs) container.put(name, BYTES);
  return container;
}

const together = async (container: MemoryContainer, incremental: 'history' | 'target' = 'history') => {
  const prepared = { incremental, documentName: 'nightly' } as PreparedPlan;
  const { batches } = await withEarlierBatches(manifest('b.tar'), prepared, container);
  return batches.map(({ blob }) => blob.name);
};

describe('the manifest of an export with a history', () => {
  const earlier = writeDocument(manifest('a.tar', 'b.tar'));

  it('keeps each earlier batch whose blob still exists, once', async () => {
    expect(await together(containerWith(earlier, 'a.tar', 'b.tar'))).toEqual(['b.tar', 'a.tar']);
  });

  it('drops an earlier batch whose blob was deleted', async () => {
    expect(await together(containerWith(earlier, 'b.tar'))).toEqual(['b.tar']);
  });

  it.each([
    { name: 'there is no earlier manifest', text: null },
    { name: 'the earlier manifest is damaged', text: '{' },
  ])('has only its own batches if $name', async ({ text }) => {
    expect(await together(containerWith(text, 'a.tar'))).toEqual(['b.tar']);
  });
});

describe('the manifest of any other export', () => {
  it('has only its own batches', async () => {
    const container = containerWith(writeDocument(manifest('a.tar')), 'a.tar');
    expect(await together(container, 'target')).toEqual(['b.tar']);
    expect(container.calls).toEqual([]);
  });
});
