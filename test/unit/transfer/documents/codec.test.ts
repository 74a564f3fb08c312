import { describe, expect, it } from '@jest/globals';
import { readDocument, writeDocument } from '../../../../src/transfer/documents/codec.ts';
import { MANIFEST, RECEIPT } from '../../../../src/transfer/documents/schemas.ts';
import { MANIFEST_DOCUMENT, RECEIPT_DOCUMENT } from './documents.fixture.ts';

const read = (text: string): unknown => readDocument(MANIFEST, text, 'nightly.transfer.json');

/** The facts of the error that reading throws. */
function refusal(text: string): { id: string; message: string } {
  try {
    read(text);
  } catch (error) {
    return (error as { facts: { id: string; message: string } }).facts;
  }
  throw new Error('it was read');
}

describe('readDocument', () => {
  it('reads what writeDocument has written', () => {
    expect(read(writeDocument(MANIFEST_DOCUMENT))).toEqual(MANIFEST_DOCUMENT);
    expect(readDocument(RECEIPT, writeDocument(RECEIPT_DOCUMENT), 'place')).toEqual(RECEIPT_DOCUMENT);
  });

  it('ignores unknown members at any level', () => {
    const [batch] = MANIFEST_DOCUMENT.batches;
    const newer = { ...MANIFEST_DOCUMENT, color: 'blue', batches: [{ ...batch, weight: 7 }] };

    expect(read(writeDocument(newer))).toEqual(MANIFEST_DOCUMENT);
  });

  it('rejects a newer version with any other content', () => {
    const newer = { kind: 'acr-transfer/manifest', version: 2, parts: [] };

    expect(refusal(JSON.stringify(newer))).toMatchObject({
      id: 'ACRT7002',
      message: 'transfer manifest nightly.transfer.json has version 2; this release reads up to 1.',
    });
  });

  it.each([
    { name: 'nothing', text: '', reason: 'it is not JSON' },
    { name: 'half a document', text: writeDocument(MANIFEST_DOCUMENT).slice(0, 200), reason: 'it is not JSON' },
    { name: 'a page of HTML', text: '<!doctype html>', reason: 'it is not JSON' },
    { name: 'null', text: 'null', reason: 'not a document of the kind acr-transfer/manifest' },
    { name: 'a list', text: '[]', reason: 'not a document of the kind' },
    { name: 'another document', text: writeDocument(RECEIPT_DOCUMENT), reason: 'not a document of the kind' },
    { name: 'an invalid version', text: '{"kind":"acr-transfer/manifest","version":0}', reason: 'not a document' },
    {
      name: 'a missing member',
      text: JSON.stringify({ ...MANIFEST_DOCUMENT, registry: undefined }),
      reason: 'registry:',
    },
    {
      name: 'several invalid members',
      text: JSON.stringify({ ...MANIFEST_DOCUMENT, batches: [{ blob: {} }], registry: 1 }),
      reason: 'batches.0.blob.name:',
    },
  ])('rejects $name with a reason', ({ text, reason }) => {
    const { id, message } = refusal(text);

    expect(id).toBe('ACRT7001');
    expect(message).toContain('transfer manifest nightly.transfer.json: ');
    expect(message).toContain(reason);
  });

  it('reports at most three problems', () => {
    const wrong = { ...MANIFEST_DOCUMENT, batches: Array.from({ length: 500 }, () => ({})) };

    expect(refusal(JSON.stringify(wrong)).message.length).toBeLessThan(500);
  });
});

describe('writeDocument', () => {
  it('ends with a newline', () => {
    expect(writeDocument({ a: 1 })).toBe('{\n  "a": 1\n}\n');
  });
});
