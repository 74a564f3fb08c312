import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isDigest, parseReference } from '../../../src/transfer/model/reference.ts';
import type { LoadedBaseline } from '../../../src/transfer/plan/baseline/baseline.ts';
import { loadReceipts } from '../../../src/transfer/plan/baseline/receipts.ts';
import type { BlobContainer } from '../../../src/transfer/ports/blob-container.ts';
import type { LocalFiles } from '../../../src/transfer/ports/context.ts';
import { RECEIPT_DOCUMENT, TARGET_ID } from '../transfer/documents/documents.fixture.ts';
import { digestOf } from '../transfer/ports/registry.fixture.ts';
import { tampered } from './json.fixture.ts';
import { expectUnpolluted } from './outcome.fixture.ts';

const ENDS = { source: 'source.azurecr.io', destination: TARGET_ID };
const NOWHERE = { uri: 'https://a.blob.core.windows.net/c' } as BlobContainer;

function recalling(document: unknown): Promise<LoadedBaseline> {
  const files: LocalFiles = {
    read: () => Promise.resolve(JSON.stringify(document)),
    list: () => Promise.resolve(['place']),
    write: () => Promise.resolve(''),
  };
  return loadReceipts(['place'], ENDS, NOWHERE, files);
}

describe('a hostile receipt', () => {
  it('accepts only artifacts with a name and a digest as transferred', async () => {
    await fc.assert(
      fc.asyncProperty(tampered(RECEIPT_DOCUMENT), async (document) => {
        const { entries } = (await recalling(document)).baseline;

        for (const { reference, digest, children } of entries) {
          expect(parseReference(reference)).toHaveProperty('value');
          expect([digest, ...children].filter((text) => !isDigest(text))).toEqual([]);
        }
        expectUnpolluted(entries);
      }),
      { numRuns: 300 },
    );
  });

  it('can repeat the same text many times', async () => {
    const [artifact] = RECEIPT_DOCUMENT.artifacts;
    const many = Array.from({ length: 30_000 }, (_, index) => ({ ...artifact, children: [digestOf(String(index))] }));
    const { baseline } = await recalling({ ...RECEIPT_DOCUMENT, artifacts: many });

    expect(baseline.entries).toHaveLength(1);
    expect(baseline.entries[0]!.children).toHaveLength(30_000);
  });
});
