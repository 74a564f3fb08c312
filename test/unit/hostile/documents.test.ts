import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readDocument, type DocumentType } from '../../../src/transfer/documents/codec.ts';
import { HISTORY, MANIFEST, PLAN, RECEIPT } from '../../../src/transfer/documents/schemas.ts';
import { TransferError } from '../../../src/transfer/errors/transfer-error.ts';
import { isBlobName } from '../../../src/transfer/model/names.ts';
import type * as z from 'zod';
import { changedIn, expectCleanPrototype, hostileJson, hostileText } from './texts.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

const MANIFEST_DOCUMENT = {
  kind: 'acr-transfer/manifest',
  version: 1,
  transferName: 'nightly',
  createdAt: '2026-01-01T00:00:00.000Z',
  registry: 'source.azurecr.io',
  target: null,
  provenance: null,
  batches: [
    {
      blob: {
        name: 'nightly-1.tar',
        size: 10,
        md5: 'Q2hlY2sgSW50ZWdyaXR5IQ==',
        contentType: 'application/x-tar',
        metadata: { category: 'acr-transfer-blob' },
      },
      exportRun: 'export1',
      artifacts: [
        { reference: 'team/api:v1', digest: DIGEST, mediaType: 'x', size: 1, children: [DIGEST], subject: null },
      ],
    },
  ],
  missing: ['team/api:v2'],
};

type AnyType = DocumentType<z.ZodType>;
const TYPES: readonly AnyType[] = [MANIFEST, PLAN, RECEIPT, HISTORY];

/** Reads a text as a document; null when it was refused as it should be. */
function read(type: AnyType, text: string): unknown {
  try {
    return readDocument(type, text, 'somewhere');
  } catch (error) {
    if (error instanceof TransferError && ['ACRT7001', 'ACRT7002'].includes(error.facts.id)) return null;
    throw error;
  }
}

afterEach(expectCleanPrototype);

describe('an untrusted document', () => {
  it('is read as it was meant', () => {
    expect(read(MANIFEST, JSON.stringify(MANIFEST_DOCUMENT))).toMatchObject({ transferName: 'nightly' });
  });

  it.each(TYPES.map((type) => ({ type, title: type.title })))('is refused in words, or read: $title', ({ type }) => {
    const heads = { kind: type.kind, version: 1 };
    fc.assert(
      fc.property(
        fc.oneof(
          hostileText,
          hostileJson.map((json) => JSON.stringify(json)),
          hostileJson.map((json) => JSON.stringify({ ...(json as object), ...heads })),
        ),
        (text) => {
          read(type, text);
        },
      ),
    );
  });

  it('never has a blob name that leads out of its folder', () => {
    fc.assert(
      fc.property(changedIn(MANIFEST_DOCUMENT), (json) => {
        const document = read(MANIFEST, JSON.stringify(json)) as typeof MANIFEST_DOCUMENT | null;
        for (const { blob } of document?.batches ?? []) expect(isBlobName(blob.name)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['__proto__', 'constructor', 'prototype'])('cannot give all objects a member by %s', (key) => {
    const text = JSON.stringify(MANIFEST_DOCUMENT).replace('"category"', `"${key}"`);
    const whole = text.replace('{', `{"${key}":{"polluted":true},`);
    read(MANIFEST, text);
    read(MANIFEST, whole);

    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(({} as { category?: unknown }).category).toBeUndefined();
  });

  it.each([
    { name: 'lists', open: '[', close: ']' },
    { name: 'objects', open: '{"a":', close: '}' },
  ])('is refused if its $name are nested too deeply', ({ open, close }) => {
    const deep = `${open.repeat(200_000)}1${close.repeat(200_000)}`;
    const inside = JSON.stringify(MANIFEST_DOCUMENT).replace('"missing":[', `"more":${deep},"missing":[`);

    expect(read(MANIFEST, deep)).toBeNull();
    read(MANIFEST, inside);
  });
});
