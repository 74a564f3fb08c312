import { describe, expect, it } from '@jest/globals';
import { writeDocument } from '../../../../src/transfer/documents/codec.ts';
import type { ManifestDocument } from '../../../../src/transfer/documents/schemas.ts';
import { readEarlierManifest, type EarlierManifest } from '../../../../src/transfer/plan/earlier-manifest.ts';
import type { PlanContext, Prepared } from '../../../../src/transfer/plan/prepare.ts';
import type { Provenance } from '../../../../src/transfer/ports/context.ts';
import { MANIFEST_DOCUMENT } from '../documents/documents.fixture.ts';
import { md5Of, memoryContainer, type MemoryContainer } from '../ports/blob-container.fixture.ts';
import { apartRequests, twoClouds } from '../ports/context.fixture.ts';

const BYTES = Buffer.from('packed');
const DAY = 24 * 60 * 60 * 1000;

type Batch = ManifestDocument['batches'][number];

function batch(name: string): Batch {
  const [first] = MANIFEST_DOCUMENT.batches;
  if (first === undefined) throw new Error('the manifest has no batch');
  return { ...first, blob: { ...first.blob, name, size: BYTES.length, md5: md5Of(BYTES) } };
}

const provenance = (attempt: number): Provenance => ({
  repository: 'contoso/shop',
  commit: 'c',
  workflow: 'w',
  actor: 'a',
  run: `https://github.com/contoso/shop/actions/runs/1/attempts/${attempt}`,
});

const request = apartRequests(['team/api:v1']).export;
if (request.mode !== 'export') throw new Error('it is no export');
const { destination } = request;

const manifest = (changes: Partial<ManifestDocument>, ...names: readonly string[]): string =>
  writeDocument({
    ...MANIFEST_DOCUMENT,
    transferName: 'nightly',
    registry: 'source.azurecr.io',
    target: destination,
    provenance: provenance(1),
    batches: names.map(batch),
    ...changes,
  });

function containerWith(earlier: string | null, ...blobs: readonly string[]): MemoryContainer {
  const container = memoryContainer('https://source/transfer', () => 10 * DAY);
  if (earlier !== null) container.put('nightly.transfer.json', Buffer.from(earlier));
  for (const name of blobs) container.put(name, BYTES);
  return container;
}

interface Case {
  readonly incremental?: 'history' | 'target';
  readonly attempt?: number | null;
  readonly cleanupDays?: number;
}

function reading(
  container: MemoryContainer,
  { incremental = 'history', attempt = null, cleanupDays }: Case = {},
): Promise<EarlierManifest> {
  const { source, context } = twoClouds();
  const prepared = { plan: { batches: [{ blob: 'b.tar' }] }, incremental } as unknown as Prepared;
  const planContext = {
    request: { ...request, cleanupDays: cleanupDays ?? null },
    source: { registry: source.registry, container },
    target: null,
    context: {
      ...context,
      clock: { ...context.clock, now: () => 10 * DAY },
      provenance: attempt === null ? null : provenance(attempt),
    },
  } as unknown as PlanContext;
  return readEarlierManifest('nightly', prepared, planContext);
}

const kept = async (container: MemoryContainer, given: Case = {}): Promise<readonly string[]> =>
  (await reading(container, given)).batches.map(({ blob }) => blob.name);

describe('the manifest of an export with a history', () => {
  const earlier = manifest({}, 'a.tar', 'b.tar');

  it('keeps each earlier batch whose blob still exists, and that the plan does not contain', async () => {
    expect(await kept(containerWith(earlier, 'a.tar', 'b.tar'))).toEqual(['a.tar']);
  });

  it('drops an earlier batch whose blob was deleted', async () => {
    expect(await kept(containerWith(earlier, 'b.tar'))).toEqual([]);
  });

  it.each([
    { name: 'keeps an earlier batch that is younger than the limit of the cleanup', cleanupDays: 1, blobs: ['a.tar'] },
    { name: 'drops an earlier batch that the cleanup of this step removes', cleanupDays: 1, age: 2, blobs: [] },
  ])('$name', async ({ cleanupDays, age = 0, blobs }) => {
    const container = containerWith(earlier);
    container.put('a.tar', BYTES, { modifiedAt: (10 - age) * DAY });

    expect(await kept(container, { cleanupDays })).toEqual(blobs);
  });

  it.each([
    { name: 'there is no earlier manifest', text: null },
    { name: 'the earlier manifest is damaged', text: '{' },
  ])('has only its own batches if $name', async ({ text }) => {
    expect(await kept(containerWith(text, 'a.tar'))).toEqual([]);
  });

  it.each([
    { name: 'source', changes: { registry: 'other.azurecr.io' } },
    { name: 'target', changes: { target: '/registries/other' } },
  ])('has only its own batches if the earlier manifest has another $name, and warns', async ({ changes }) => {
    const { batches, warnings, conflict } = await reading(containerWith(manifest(changes, 'a.tar'), 'a.tar'));

    expect([batches, conflict]).toEqual([[], null]);
    expect(warnings).toEqual([expect.stringContaining('is about other registries')]);
  });
});

describe('the manifest of any other export', () => {
  it('has only its own batches', async () => {
    const container = containerWith(manifest({}, 'a.tar'), 'a.tar');

    expect(await kept(container, { incremental: 'target' })).toEqual([]);
    expect(container.calls).toEqual([]);
  });

  it.each([
    { name: 'keeps the batches of another step of the same workflow run', attempt: 1, blobs: ['a.tar'] },
    { name: 'has only its own batches in a later attempt', attempt: 2, blobs: [] },
  ])('B15: $name', async ({ attempt, blobs }) => {
    const container = containerWith(manifest({}, 'a.tar'), 'a.tar');

    expect(await kept(container, { incremental: 'target', attempt })).toEqual(blobs);
  });

  it('B15: conflicts with another step of the same workflow run for other registries', async () => {
    const container = containerWith(manifest({ target: null }, 'a.tar'), 'a.tar');
    const { batches, conflict } = await reading(container, { incremental: 'target', attempt: 1 });

    expect([batches, conflict?.facts.id]).toEqual([[], 'ACRT7004']);
  });
});
