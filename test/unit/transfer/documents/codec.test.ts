import { describe, expect, it } from '@jest/globals';
import { readDocument, writeDocument } from '../../../../src/transfer/documents/codec.ts';
import { MANIFEST, RECEIPT } from '../../../../src/transfer/documents/schemas.ts';
import { MANIFEST_DOCUMENT, RECEIPT_DOCUMENT } from './documents.fixture.ts';

const read = (text: string): unknown => readDocument(MANIFEST, text, 'nightly.transfer.json');

/** The facts of the failure that reading ends with. */
function refusal(text: string): { id: string; message: string } {
  try {
    read(text);
  } catch (error) {
    return (error as { facts: { id: string; message: string } }).facts;
  }
  throw new Error('it was read');
}

describe('readDocument', () => {
  it('reads documents as they were written', () => {
    expect(read(writeDocument(MANIFEST_DOCUMENT))).toEqual(MANIFEST_DOCUMENT);
    expect(readDocument(RECEIPT, writeDocument(RECEIPT_DOCUMENT), 'place')).toEqual(RECEIPT_DOCUMENT);
  });

  it('ignores members that it does not know, wherever they stand', () => {
    const [batch] = MANIFEST_DOCUMENT.batches;
    const newer = { ...MANIFEST_DOCUMENT, colour: 'blue', batches: [{ ...batch, weight: 7 }] };

    expect(read(writeDocument(newer))).toEqual(MANIFEST_DOCUMENT);
  });

  it('refuses a newer version by name, whatever else is in it', () => {
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
    { name: 'a version of nothing', text: '{"kind":"acr-transfer/manifest","version":0}', reason: 'not a document' },
    {
      name: 'a member that is missing',
      text: JSON.stringify({ ...MANIFEST_DOCUMENT, registry: undefined }),
      reason: 'registry:',
    },
    {
      name: 'several members that are wrong',
      text: JSON.stringify({ ...MANIFEST_DOCUMENT, batches: [{ blob: {} }], registry: 1 }),
      reason: 'batches.0.blob.name:',
    },
  ])('tells of $name, what is wrong and where', ({ text, reason }) => {
    const { id, message } = refusal(text);

    expect(id).toBe('ACRT7001');
    expect(message).toContain('transfer manifest nightly.transfer.json: ');
    expect(message).toContain(reason);
  });

  it('tells at most three mistakes', () => {
    const wrong = { ...MANIFEST_DOCUMENT, batches: Array.from({ length: 500 }, () => ({})) };

    expect(refusal(JSON.stringify(wrong)).message.length).toBeLessThan(500);
  });
});

describe('writeDocument', () => {
  it('ends with a line end, as text files do', () => {
    expect(writeDocument({ a: 1 })).toBe('{\n  "a": 1\n}\n');
  });
});
