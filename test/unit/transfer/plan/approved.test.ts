import { describe, expect, it } from '@jest/globals';
import { writeDocument } from '../../../../src/transfer/documents/codec.ts';
import type { PlanDocument } from '../../../../src/transfer/documents/schemas.ts';
import { blobName, type Batch } from '../../../../src/transfer/model/artifact.ts';
import { formatReference } from '../../../../src/transfer/model/reference.ts';
import {
  afterDrift,
  approvedPlan,
  documentBatches,
  driftError,
  findDrift,
  readPlan,
  type PlanOrigin,
} from '../../../../src/transfer/plan/approved.ts';
import { PLAN_DOCUMENT, TARGET_ID } from '../documents/documents.fixture.ts';
import { digestOf, image, memoryRegistry, requestsOf, type MemoryRegistry } from '../ports/registry.fixture.ts';
import { REPOSITORY } from './discover.fixture.ts';
import { plannedArtifacts } from '../../../../src/transfer/model/plan.ts';

type PlanBatch = PlanDocument['batches'][number];
type PlanArtifact = PlanBatch['artifacts'][number];

const planned = (reference: string, digest: string): PlanArtifact => ({
  reference,
  digest,
  mediaType: 'x',
  size: 1110,
  children: [],
  subject: null,
  referrers: [],
  why: { reason: 'new', text: `because of ${reference}`, line: 'line 1', was: null },
});

const BARE: PlanBatch = { blob: 'x.tar', exportRun: 'export1', bytes: 2000, artifacts: [] };

/** A batch with the name that is derived from its artifacts. */
function batch(...artifacts: readonly PlanArtifact[]): PlanBatch {
  const unnamed: PlanBatch = { ...BARE, artifacts: [...artifacts] };
  const content = documentBatches({ ...PLAN_DOCUMENT, batches: [unnamed] }).flatMap((item) => item.artifacts);
  return { ...unnamed, blob: blobName(PLAN_DOCUMENT.transferName, content) };
}

const [one, two, three] = [image('one'), image('two'), image('three')];

const DOCUMENT: PlanDocument = {
  ...PLAN_DOCUMENT,
  batches: [
    batch(planned('team/api:v1', one.digest), planned('team/api:v2', two.digest)),
    batch(planned(`team/api@${three.digest}`, three.digest)),
  ],
};

const ORIGIN: PlanOrigin = {
  registry: DOCUMENT.registry,
  exportPipelineId: DOCUMENT.exportPipeline,
  destination: TARGET_ID,
};

const reading = (document: object, origin: Partial<PlanOrigin> = {}): PlanDocument =>
  readPlan(writeDocument(document), 'plan.json', { ...ORIGIN, ...origin });

describe('readPlan', () => {
  it('reads the plan of a dry run', () => {
    expect(reading(DOCUMENT)).toEqual(DOCUMENT);
  });

  it.each([
    {
      name: 'names differ in case',
      origin: { registry: 'SOURCE.azurecr.io', destination: TARGET_ID.toUpperCase() },
    },
  ])('accepts a plan although $name', ({ origin }) => {
    expect(reading(DOCUMENT, origin)).toEqual(DOCUMENT);
  });

  it('rejects a plan with a target if this step has none', () => {
    expect(() => reading(DOCUMENT, { destination: null })).toThrow(/ACRT7005 .*import-pipeline is not set/);
  });

  it('accepts a plan without a target', () => {
    expect(reading({ ...DOCUMENT, target: null })).toMatchObject({ target: null });
  });

  const [first, ...rest] = DOCUMENT.batches;
  const altered = (artifacts: readonly PlanArtifact[]): PlanDocument => ({
    ...DOCUMENT,
    batches: [{ ...BARE, ...first, artifacts: [...artifacts] }, ...rest],
  });

  it.each([
    { name: 'with another source registry', document: DOCUMENT, origin: { registry: 'other.azurecr.io' } },
    { name: 'with another pipeline', document: DOCUMENT, origin: { exportPipelineId: `${DOCUMENT.exportPipeline}2` } },
    { name: 'with another target', document: DOCUMENT, origin: { destination: `${TARGET_ID}2` } },
    { name: 'without one of its artifacts', document: altered(first?.artifacts.slice(1) ?? []), origin: {} },
    {
      name: 'with another digest',
      document: altered([planned('team/api:v1', digestOf('evil')), planned('team/api:v2', two.digest)]),
      origin: {},
    },
    {
      name: 'with another artifact',
      document: altered([...(first?.artifacts ?? []), planned('team/evil:v1', digestOf('evil'))]),
      origin: {},
    },
  ])('rejects a plan $name', ({ document, origin }) => {
    expect(() => reading(document, origin)).toThrow(/^ACRT7005 The plan plan\.json can't be executed: /);
  });

  it.each([
    { name: 'that is damaged', text: '{', id: 'ACRT7001' },
    { name: 'that is another document', text: '{"kind":"acr-transfer/receipt","version":1}', id: 'ACRT7001' },
    { name: 'of a newer version', text: writeDocument({ ...DOCUMENT, version: 2 }), id: 'ACRT7002' },
  ])('rejects a document $name', ({ text, id }) => {
    expect(() => readPlan(text, 'plan.json', ORIGIN)).toThrow(id);
  });
});

function stocked(): MemoryRegistry {
  const registry = memoryRegistry(DOCUMENT.registry);
  registry.push(REPOSITORY, one, 'v1');
  registry.push(REPOSITORY, two, 'v2');
  registry.push(REPOSITORY, three);
  return registry;
}

const BATCHES = documentBatches(DOCUMENT);

describe('findDrift', () => {
  it('is empty without changes, and needs one listing for each repository', async () => {
    const registry = stocked();

    expect(await findDrift(registry, BATCHES)).toEqual([]);
    expect(requestsOf(registry)).toEqual({ manifests: 1 });
  });

  it.each([
    {
      name: 'a tag moved',
      change: (registry: MemoryRegistry) => {
        registry.push(REPOSITORY, three, 'v1');
      },
      expected: [['team/api:v1', three.digest]],
    },
    {
      name: 'a tag was deleted, and its manifest was not',
      change: (registry: MemoryRegistry) => {
        registry.remove(REPOSITORY, 'v1');
      },
      expected: [['team/api:v1', 'no tag']],
    },
    {
      name: 'a manifest was deleted',
      change: (registry: MemoryRegistry) => {
        registry.remove(REPOSITORY, three.digest);
      },
      expected: [[`team/api@${three.digest}`, null]],
    },
    {
      name: 'a tag moved, and its planned manifest was deleted',
      change: (registry: MemoryRegistry) => {
        registry.push(REPOSITORY, three, 'v1');
        registry.remove(REPOSITORY, one.digest);
      },
      expected: [['team/api:v1', null]],
    },
  ])('has the artifact if $name', async ({ change, expected }) => {
    const registry = stocked();
    change(registry);
    const drifts = await findDrift(registry, BATCHES);

    expect(drifts.map(({ artifact, now }) => [formatReference(artifact.reference), now])).toEqual(expected);
  });

  it('has every artifact of a deleted repository', async () => {
    expect(await findDrift(memoryRegistry('empty'), BATCHES)).toHaveLength(3);
  });

  it('is reported all at once', async () => {
    const registry = stocked();
    registry.push(REPOSITORY, three, 'v1');
    registry.remove(REPOSITORY, two.digest);
    const { facts } = driftError(await findDrift(registry, BATCHES));

    expect(facts.id).toBe('ACRT4010');
    for (const part of ['2 artifacts have changed', 'v1', one.digest, three.digest, 'v2', 'not in the registry']) {
      expect(facts.message).toContain(part);
    }
  });
});

describe('afterDrift', () => {
  const drifted = async (change: (registry: MemoryRegistry) => void): Promise<readonly Batch[]> => {
    const registry = stocked();
    change(registry);
    return afterDrift(BATCHES, await findDrift(registry, BATCHES), DOCUMENT.transferName);
  };
  const references = (batches: readonly Batch[]): string[][] =>
    batches.map(({ artifacts }) => artifacts.map(({ reference }) => formatReference(reference)));

  it('pins an artifact whose tag moved to its planned digest, and renames the blob', async () => {
    const batches = await drifted((registry) => {
      registry.push(REPOSITORY, three, 'v1');
    });

    expect(references(batches)).toEqual([[`team/api@${one.digest}`, 'team/api:v2'], [`team/api@${three.digest}`]]);
    expect(batches[0]?.blob).toBe(blobName(DOCUMENT.transferName, batches[0]?.artifacts ?? []));
    expect(batches[0]?.blob).not.toBe(BATCHES[0]?.blob);
    expect(batches[1]).toEqual(BATCHES[1]);
  });

  it('removes deleted artifacts, and batches without artifacts', async () => {
    const batches = await drifted((registry) => {
      registry.remove(REPOSITORY, one.digest);
      registry.remove(REPOSITORY, three.digest);
    });

    expect(references(batches)).toEqual([['team/api:v2']]);
  });
});

describe('approvedPlan', () => {
  it('has the reasons of the plan', () => {
    const plan = approvedPlan(BATCHES.slice(0, 1));

    expect(plannedArtifacts(plan)).toMatchObject([
      { where: 'line 1', reason: { kind: 'as-planned', text: 'because of team/api:v1' } },
      { where: 'line 1', reason: { kind: 'as-planned', text: 'because of team/api:v2' } },
    ]);
    expect(plan.bytes.planned).toBe(2000);
  });

  it('keeps the reasons of two tags of one digest apart', () => {
    const twice = batch(planned('team/api:v1', one.digest), planned('team/api:v2', one.digest));
    const document = { ...DOCUMENT, batches: [twice] };
    const whys = plannedArtifacts(approvedPlan(documentBatches(document))).map(({ reason }) => reason);

    expect(whys).toMatchObject([{ text: 'because of team/api:v1' }, { text: 'because of team/api:v2' }]);
  });

  it('has the planned reason for a pinned artifact', async () => {
    const registry = stocked();
    registry.push(REPOSITORY, three, 'v1');
    const drifts = await findDrift(registry, BATCHES);
    const [pinned] = plannedArtifacts(approvedPlan(afterDrift(BATCHES, drifts, DOCUMENT.transferName)));

    expect(pinned).toMatchObject({ digest: one.digest, reason: { text: 'because of team/api:v1' } });
  });
});
