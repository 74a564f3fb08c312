import { describe, expect, it } from '@jest/globals';
import { cleanTarget } from '../../../../src/transfer/cleanup/remove-stale.ts';
import { writeDocument } from '../../../../src/transfer/documents/codec.ts';
import { transferError } from '../../../../src/transfer/errors/transfer-error.ts';
import { runName } from '../../../../src/transfer/model/artifact.ts';
import type { BlobContainer } from '../../../../src/transfer/ports/blob-container.ts';
import { unlimited } from '../ports/clock.fixture.ts';
import { md5Of, memoryContainer, type MemoryContainer } from '../ports/blob-container.fixture.ts';
import { MANIFEST_DOCUMENT } from '../documents/documents.fixture.ts';
import { memoryRuns, SUCCEEDED, type MemoryRuns } from '../ports/pipelines.fixture.ts';
import { pipelineOf } from '../ports/context.fixture.ts';

const PIPELINE = pipelineOf('export');
const BYTES = Buffer.from('layers');
const [BEFORE, NOW] = [Date.UTC(2026, 0, 5), Date.UTC(2026, 1, 5)];

/** A side with one transfer of each age: a run, a blob, a plan, a manifest and a receipt. */
function side(): { readonly container: MemoryContainer; readonly runs: MemoryRuns } {
  const container = memoryContainer('https://a.example/c');
  const runs = memoryRuns(() => SUCCEEDED);
  for (const [transferName, createdAt] of [
    ['old', BEFORE - 1],
    ['new', NOW],
  ] as const) {
    const [batch] = MANIFEST_DOCUMENT.batches;
    const name = `${transferName}-0123456789abcdef.tar`;
    const blob = { name, size: BYTES.length, md5: md5Of(BYTES), contentType: 'application/x-tar', metadata: {} };
    const batches = [{ ...batch!, blob }];
    const manifest = { ...MANIFEST_DOCUMENT, transferName, createdAt: new Date(createdAt).toISOString(), batches };
    container.put(name, BYTES);
    container.put(`${transferName}.plan.json`, Buffer.from('{}'));
    container.put(`${transferName}.transfer.json`, Buffer.from(writeDocument(manifest)));
    container.put(`${transferName}.receipt.json`, Buffer.from('{}'));
    const pipelineId = PIPELINE.resourceId;
    runs.archive.kept.push({
      name: runName('export', pipelineId, name),
      pipelineId,
      ended: true,
      startedAt: createdAt,
    });
  }
  container.put('acr-transfer-0123.history.json', Buffer.from('{}'));
  return { container, runs };
}

const KEPT = [
  'acr-transfer-0123.history.json',
  'new-0123456789abcdef.tar',
  'new.plan.json',
  'new.receipt.json',
  'new.transfer.json',
  'old.receipt.json',
];
const OLD = ['old-0123456789abcdef.tar', 'old.plan.json', 'old.transfer.json'];

const namesIn = ({ blobs }: MemoryContainer): readonly string[] => [...blobs.keys()].sort();
const refused = () => Promise.reject(transferError('ACRT3002', { side: 'source', what: 'remove it', reason: '403' }));

const cleanSource = (container: BlobContainer | null, { archive }: MemoryRuns) =>
  cleanTarget(
    { side: 'source', runs: { archive, pipeline: PIPELINE }, container },
    { before: BEFORE, signal: unlimited() },
  );

describe('cleanTarget', () => {
  it('removes and counts old runs, blobs, plans, and manifests', async () => {
    const { container, runs } = side();
    const bytes = OLD.reduce((sum, name) => sum + (container.blobs.get(name)?.bytes.length ?? 0), 0);
    expect(await cleanSource(container, runs)).toEqual({ side: 'source', runs: 1, blobs: 3, bytes, warnings: [] });
    expect(namesIn(container)).toEqual(KEPT);
    expect(runs.archive.kept.map(({ startedAt }) => startedAt)).toEqual([NOW]);
  });

  it('removes blobs although the runs cannot be listed', async () => {
    const { container, runs } = side();
    const archive = { ...runs.archive, list: refused };
    const result = await cleanSource(container, { ...runs, archive });
    expect(result).toMatchObject({
      runs: 0,
      blobs: 3,
      warnings: [expect.stringContaining('The cleanup of the source side failed')],
    });
    expect(namesIn(container)).toEqual(KEPT);
  });

  it('keeps the manifest if a blob cannot be removed, and finds the rest again', async () => {
    const { container, runs } = side();
    const remove: BlobContainer['remove'] = (blob, etag) =>
      blob.endsWith('.plan.json') ? refused() : (container.remove?.(blob, etag) ?? refused());
    const result = await cleanSource({ ...container, remove }, runs);
    expect(result.warnings).toHaveLength(1);
    expect(namesIn(container)).toEqual([...KEPT, 'old.plan.json', 'old.transfer.json'].sort());
    expect(await cleanSource(container, runs)).toMatchObject({ blobs: 2, warnings: [] });
    expect(namesIn(container)).toEqual(KEPT);
  });

  it('removes no blobs from a directory, or from an unknown container', async () => {
    const { container, runs } = side();
    const before = namesIn(container);
    for (const target of [{ ...container, remove: null }, null]) {
      expect(await cleanSource(target, runs)).toMatchObject({ blobs: 0, bytes: 0, warnings: [] });
    }
    expect(namesIn(container)).toEqual(before);
  });
});
