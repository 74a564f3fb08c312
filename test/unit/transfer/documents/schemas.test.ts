import { describe, expect, it } from '@jest/globals';
import { REPORT } from '../../../../src/transfer/documents/report-schema.ts';
import {
  documentReference,
  HISTORY,
  MANIFEST,
  PLAN,
  RECEIPT,
  type ManifestDocument,
} from '../../../../src/transfer/documents/schemas.ts';
import {
  HISTORY_DOCUMENT,
  MANIFEST_DOCUMENT,
  PLAN_DOCUMENT,
  RECEIPT_DOCUMENT,
  REPORT_DOCUMENT,
} from './documents.fixture.ts';

const accepts = (document: unknown): boolean => MANIFEST.schema.safeParse(document).success;

const withBlob = (blob: Partial<ManifestDocument['batches'][number]['blob']>): ManifestDocument => ({
  ...MANIFEST_DOCUMENT,
  batches: MANIFEST_DOCUMENT.batches.map((batch) => ({ ...batch, blob: { ...batch.blob, ...blob } })),
});

const withArtifact = (artifact: object): unknown => ({
  ...MANIFEST_DOCUMENT,
  batches: MANIFEST_DOCUMENT.batches.map((batch) => ({
    ...batch,
    artifacts: batch.artifacts.map((item) => ({ ...item, ...artifact })),
  })),
});

describe('names of blobs in documents', () => {
  it.each([
    'a.tar',
    'team/nightly-1.tar',
    'a..b',
    '..a/b..',
    'with blank.tar',
    'ü/名.tar',
    '.hidden',
    'x'.repeat(1024),
  ])('accept %j', (name) => {
    expect(accepts(withBlob({ name }))).toBe(true);
  });

  it.each([
    '',
    '..',
    '.',
    '../other/a.tar',
    'a/../../b',
    'a/..',
    './a',
    'a/./b',
    '..\\a',
    'a\\b',
    'a\nb',
    'a\0b',
    'a\u2028/../../b',
    'x'.repeat(1025),
  ])('reject %j', (name) => {
    expect(accepts(withBlob({ name }))).toBe(false);
  });
});

describe('the transfer name in documents', () => {
  it.each(['nightly', 'team/nightly-1', 'octo-org-repo-12345'])('accepts %j', (transferName) => {
    expect(accepts({ ...MANIFEST_DOCUMENT, transferName })).toBe(true);
  });

  // The manifest is written with this name, so it must not lead to another folder.
  it.each(['', '..', '../other/x', 'a/../../b', '..\\b', 'a\nb'])('rejects %j', (transferName) => {
    expect(accepts({ ...MANIFEST_DOCUMENT, transferName })).toBe(false);
  });
});

describe('an invalid manifest', () => {
  it.each([
    { name: 'a digest of another algorithm', document: withArtifact({ digest: 'sha512:00' }) },
    { name: 'a digest with a suffix', document: withArtifact({ digest: `sha256:${'a'.repeat(64)}\n` }) },
    { name: 'an invalid reference', document: withArtifact({ reference: 'Team/API' }) },
    { name: 'a negative size', document: withArtifact({ size: -1 }) },
    { name: 'a fractional size', document: withBlob({ size: 0.5 }) },
    { name: 'a child that is not a digest', document: withArtifact({ children: ['latest'] }) },
    { name: 'an invalid time', document: { ...MANIFEST_DOCUMENT, createdAt: 'yesterday' } },
    { name: 'no batches', document: { ...MANIFEST_DOCUMENT, batches: undefined } },
  ])('is rejected: $name', ({ document }) => {
    expect(accepts(document)).toBe(false);
  });
});

describe('documents of this release', () => {
  it.each([
    { name: 'manifest', type: MANIFEST, document: MANIFEST_DOCUMENT },
    { name: 'receipt', type: RECEIPT, document: RECEIPT_DOCUMENT },
    { name: 'report', type: REPORT, document: REPORT_DOCUMENT },
    { name: 'plan', type: PLAN, document: PLAN_DOCUMENT },
    { name: 'history', type: HISTORY, document: HISTORY_DOCUMENT },
  ])('match their schema: $name', ({ type, document }) => {
    expect(type.schema.safeParse(document)).toEqual({ success: true, data: document });
  });
});

describe('documents of the previous release', () => {
  const without = (document: object, ...members: readonly string[]): object =>
    Object.fromEntries(Object.entries(document).filter(([member]) => !members.includes(member)));

  it('are read: a manifest without target and subjects', () => {
    const batches = MANIFEST_DOCUMENT.batches.map((batch) => ({
      ...batch,
      artifacts: batch.artifacts.map((artifact) => without(artifact, 'subject')),
    }));
    const document = { ...without(MANIFEST_DOCUMENT, 'target', 'missing'), batches };

    expect(MANIFEST.schema.parse(document)).toMatchObject({
      target: null,
      missing: [],
      batches: [{ artifacts: [{ subject: null }] }],
    });
  });

  it('are read: a receipt without source and children', () => {
    const artifacts = RECEIPT_DOCUMENT.artifacts.map((artifact) => without(artifact, 'children'));
    const document = { ...without(RECEIPT_DOCUMENT, 'source', 'registryId'), artifacts };

    expect(RECEIPT.schema.parse(document)).toMatchObject({
      source: null,
      registryId: null,
      artifacts: [{ children: [] }],
    });
  });
});

describe('documentReference', () => {
  it('parses references that the schema accepts, and rejects others', () => {
    expect(documentReference('team/api')).toEqual({ kind: 'tag', repository: 'team/api', tag: 'latest' });
    expect(() => documentReference('Team/API')).toThrow('lower case');
  });
});
