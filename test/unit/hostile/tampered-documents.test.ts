import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readDocument, writeDocument, type DocumentType } from '../../../src/transfer/documents/codec.ts';
import { loadManifest } from '../../../src/transfer/documents/load-manifest.ts';
import { HISTORY, MANIFEST, PLAN, RECEIPT } from '../../../src/transfer/documents/schemas.ts';
import { isBlobName } from '../../../src/transfer/model/names.ts';
import { parseReference } from '../../../src/transfer/model/reference.ts';
import type { BlobContainer } from '../../../src/transfer/ports/blob-container.ts';
import {
  HISTORY_DOCUMENT,
  MANIFEST_DOCUMENT,
  PLAN_DOCUMENT,
  RECEIPT_DOCUMENT,
} from '../transfer/documents/documents.fixture.ts';
import { extended, nested, tampered } from './json.fixture.ts';
import { expectUnpolluted, idOf, outcomeOf } from './outcome.fixture.ts';
import { hostileText, LONG } from './texts.fixture.ts';

const DOCUMENTS: readonly { name: string; type: DocumentType<never>; good: object }[] = [
  { name: 'plan', type: PLAN as never, good: PLAN_DOCUMENT },
  { name: 'transfer manifest', type: MANIFEST as never, good: MANIFEST_DOCUMENT },
  { name: 'receipt', type: RECEIPT as never, good: RECEIPT_DOCUMENT },
  { name: 'history', type: HISTORY as never, good: HISTORY_DOCUMENT },
];

const ROUNDS = { numRuns: 300 };
const REFUSALS = ['ACRT7001', 'ACRT7002'];

/** Longer messages would fill the log and the summary. */
const MAX_MESSAGE_LENGTH = 2000;

describe.each(DOCUMENTS)('a hostile $name', ({ type, good }) => {
  const read = (text: string) => outcomeOf((): unknown => readDocument(type, text, 'place'));

  it('with any text is read or refused', () => {
    fc.assert(
      fc.property(fc.oneof(hostileText, fc.json()), (text) => {
        expect(REFUSALS).toContain(idOf(read(text)));
      }),
      ROUNDS,
    );
  });

  it('is read or refused with a short message, wherever it was tampered with', () => {
    fc.assert(
      fc.property(tampered(good), (document) => {
        const outcome = read(JSON.stringify(document));

        if ('value' in outcome) {
          expectUnpolluted(outcome.value);
          return;
        }
        expect(REFUSALS).toContain(outcome.failure.facts.id);
        expect(outcome.failure.facts.message.length).toBeLessThan(MAX_MESSAGE_LENGTH);
        expect(outcome.failure.facts.message).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      }),
      ROUNDS,
    );
  });

  it('keeps only known members', () => {
    fc.assert(
      fc.property(extended(good), (document) => {
        const outcome = read(JSON.stringify(document));

        if ('value' in outcome) expectUnpolluted(outcome.value);
        // Unknown members of metadata are metadata, right or wrong.
        if (type.kind !== 'acr-transfer/manifest') expect(outcome).toEqual({ value: good });
      }),
      ROUNDS,
    );
  });

  it('is what was written', () => {
    expect(read(writeDocument(good))).toEqual({ value: good });
  });

  it('can be nested, within a limit', () => {
    const deep = (depth: number): string => JSON.stringify(good).replace(/\}$/, `,"x":${nested(depth)}}`);

    expect(read(deep(20))).toEqual({ value: good });
    expect(read(deep(100))).toMatchObject({ failure: { facts: { id: 'ACRT7001' } } });
    expect(read(deep(LONG))).toMatchObject({ failure: { facts: { id: 'ACRT7001' } } });
    expect(read('['.repeat(LONG))).toMatchObject({ failure: { facts: { id: 'ACRT7001' } } });
    expect(read('{"a":'.repeat(LONG))).toMatchObject({ failure: { facts: { id: 'ACRT7001' } } });
  });

  it('is not nested by the content of its texts', () => {
    const text = JSON.stringify({ ...good, x: `${'["{'.repeat(100)}\\` });

    expect(read(text)).toEqual({ value: good });
  });

  it('can be large, within a limit', () => {
    const { message } = (read(`"${'x'.repeat(64 * 1024 * 1024)}"`) as { failure: Error }).failure;

    expect(message).toMatch(/larger than any document/);
  });
});

const NOWHERE: Pick<BlobContainer, 'uri' | 'readText'> = {
  uri: 'https://a.blob.core.windows.net/c',
  readText: () => Promise.resolve(null),
};

describe('loading a hostile transfer manifest', () => {
  it('gives blobs and artifacts that have proper names, or a failure', async () => {
    await fc.assert(
      fc.asyncProperty(tampered(MANIFEST_DOCUMENT), async (document) => {
        const files = {
          read: () => Promise.resolve(JSON.stringify(document)),
          list: () => Promise.resolve([]),
          write: () => Promise.resolve(''),
        };
        const taken = loadManifest(
          { kind: 'manifest', place: 'x', named: true, transferName: null, allowedSources: [] },
          { container: NOWHERE as BlobContainer, files, target: null },
        );
        const { batches, expected } = await taken.catch((error: unknown) => {
          expect(error).toMatchObject({ facts: { id: expect.stringMatching(/^ACRT700[129]$/) as unknown } });
          return { batches: [], expected: new Map<string, never>() };
        });

        expect(batches.filter(({ blob }) => !isBlobName(blob))).toEqual([]);
        expect(batches.flatMap(({ artifacts }) => artifacts).filter(({ size }) => !Number.isSafeInteger(size))).toEqual(
          [],
        );
        expect([...expected.keys()]).toEqual(batches.map(({ blob }) => blob));
      }),
      ROUNDS,
    );
  });
});

describe('metadata of a hostile transfer manifest', () => {
  const [batch] = MANIFEST_DOCUMENT.batches;
  const withBlob = (blob: object): object => ({
    ...MANIFEST_DOCUMENT,
    batches: [{ ...batch, blob: { ...batch!.blob, ...blob } }],
  });
  const read = (blob: object) =>
    outcomeOf(() => readDocument(MANIFEST, JSON.stringify(withBlob(blob)), 'place').batches[0]!.blob);

  it('can be in the headers of a request', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (name, value) => {
        const outcome = read({ contentType: value, metadata: { [`a${name}`]: value } });
        if ('failure' in outcome) return;

        const { contentType, metadata } = outcome.value;
        const headers = new Headers(Object.entries(metadata).map(([key, text]) => [`x-ms-meta-${key}`, text]));
        headers.set('content-type', contentType);
        expect([...headers.keys()]).toHaveLength(2);
      }),
      ROUNDS,
    );
  });

  it('equals the one at the source', () => {
    const metadata = { category: 'acr-transfer-blob', made_by: 'né à Zürich' };

    expect(read({ contentType: 'application/x-tar; a="b"', metadata })).toMatchObject({ value: { metadata } });
  });

  it('names each blob once', () => {
    const twice = { ...MANIFEST_DOCUMENT, batches: [batch, batch] };

    expect(idOf(outcomeOf(() => readDocument(MANIFEST, JSON.stringify(twice), 'place')))).toBe('ACRT7001');
  });
});

describe('references of a document', () => {
  it('have a length that registries accept', () => {
    expect(parseReference(`${'a'.repeat(256)}:v1`)).toMatchObject({ value: { tag: 'v1' } });
    expect(parseReference(`${'a'.repeat(257)}:v1`)).toMatchObject({
      problem: expect.stringContaining('256') as unknown,
    });
  });
});
