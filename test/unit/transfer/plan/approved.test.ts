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

/** A batch under the name that follows from its content. */
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

const FIT: PlanOrigin = {
  registry: DOCUMENT.registry,
  exportPipelineId: DOCUMENT.exportPipeline,
  destination: TARGET_ID,
};

const reading = (document: object, fit: Partial<PlanOrigin> = {}): PlanDocument =>
  readPlan(writeDocument(document), 'plan.json', { ...FIT, ...fit });

describe('readPlan', () => {
  it('takes what the dry run wrote', () => {
    expect(reading(DOCUMENT)).toEqual(DOCUMENT);
  });

  it.each([
    {
      name: 'names are spelled otherwise',
      fit: { registry: 'SOURCE.azurecr.io', destination: TARGET_ID.toUpperCase() },
    },
  ])('takes it although $name', ({ fit }) => {
    expect(reading(DOCUMENT, fit)).toEqual(DOCUMENT);
  });

  it('refuses a plan for a target that this step does not name: its history would be that of no target', () => {
    expect(() => reading(DOCUMENT, { destination: null })).toThrow(/ACRT7005 .*import-pipeline names nothing/);
  });

  it('takes a plan that did not know the target', () => {
    expect(reading({ ...DOCUMENT, target: null })).toMatchObject({ target: null });
  });

  const [first, ...rest] = DOCUMENT.batches;
  const altered = (artifacts: readonly PlanArtifact[]): PlanDocument => ({
    ...DOCUMENT,
    batches: [{ ...BARE, ...first, artifacts: [...artifacts] }, ...rest],
  });

  it.each([
    { name: 'of another source registry', document: DOCUMENT, fit: { registry: 'other.azurecr.io' } },
    { name: 'of another pipeline', document: DOCUMENT, fit: { exportPipelineId: `${DOCUMENT.exportPipeline}2` } },
    { name: 'meant for another target', document: DOCUMENT, fit: { destination: `${TARGET_ID}2` } },
    { name: 'with something left out', document: altered(first?.artifacts.slice(1) ?? []), fit: {} },
    {
      name: 'with another digest',
      document: altered([planned('team/api:v1', digestOf('evil')), planned('team/api:v2', two.digest)]),
      fit: {},
    },
    {
      name: 'with something more',
      document: altered([...(first?.artifacts ?? []), planned('team/evil:v1', digestOf('evil'))]),
      fit: {},
    },
  ])('refuses a plan $name', ({ document, fit }) => {
    expect(() => reading(document, fit)).toThrow(/^ACRT7005 The plan plan\.json can't be executed: /);
  });

  it.each([
    { name: 'that is damaged', text: '{', id: 'ACRT7001' },
    { name: 'that is another document', text: '{"kind":"acr-transfer/receipt","version":1}', id: 'ACRT7001' },
    { name: 'of a newer version', text: writeDocument({ ...DOCUMENT, version: 2 }), id: 'ACRT7002' },
  ])('refuses a document $name', ({ text, id }) => {
    expect(() => readPlan(text, 'plan.json', FIT)).toThrow(id);
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
  it('finds nothing where nothing has moved, with one listing for each repository', async () => {
    const registry = stocked();

    expect(await findDrift(registry, BATCHES)).toEqual([]);
    expect(requestsOf(registry)).toEqual({ manifests: 1 });
  });

  it.each([
    {
      name: 'a tag has moved',
      change: (registry: MemoryRegistry) => {
        registry.push(REPOSITORY, three, 'v1');
      },
      expected: [['team/api:v1', three.digest]],
    },
    {
      name: 'a tag is gone, and its manifest is not',
      change: (registry: MemoryRegistry) => {
        registry.remove(REPOSITORY, 'v1');
      },
      expected: [['team/api:v1', 'no tag']],
    },
    {
      name: 'a manifest is gone',
      change: (registry: MemoryRegistry) => {
        registry.remove(REPOSITORY, three.digest);
      },
      expected: [[`team/api@${three.digest}`, null]],
    },
    {
      name: 'a tag has moved, and what it named is gone',
      change: (registry: MemoryRegistry) => {
        registry.push(REPOSITORY, three, 'v1');
        registry.remove(REPOSITORY, one.digest);
      },
      expected: [['team/api:v1', null]],
    },
  ])('finds it when $name', async ({ change, expected }) => {
    const registry = stocked();
    change(registry);
    const drifts = await findDrift(registry, BATCHES);

    expect(drifts.map(({ artifact, now }) => [formatReference(artifact.reference), now])).toEqual(expected);
  });

  it('finds that a whole repository is gone', async () => {
    expect(await findDrift(memoryRegistry('empty'), BATCHES)).toHaveLength(3);
  });

  it('tells all of it at once', async () => {
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

  it('pins what has moved to its planned digest, in a blob of another name', async () => {
    const batches = await drifted((registry) => {
      registry.push(REPOSITORY, three, 'v1');
    });

    expect(references(batches)).toEqual([[`team/api@${one.digest}`, 'team/api:v2'], [`team/api@${three.digest}`]]);
    expect(batches[0]?.blob).toBe(blobName(DOCUMENT.transferName, batches[0]?.artifacts ?? []));
    expect(batches[0]?.blob).not.toBe(BATCHES[0]?.blob);
    expect(batches[1]).toEqual(BATCHES[1]);
  });

  it('goes on without what is gone, and without a batch of which nothing is left', async () => {
    const batches = await drifted((registry) => {
      registry.remove(REPOSITORY, one.digest);
      registry.remove(REPOSITORY, three.digest);
    });

    expect(references(batches)).toEqual([['team/api:v2']]);
  });
});

describe('approvedPlan', () => {
  it('says why each travels, in the words of the plan', () => {
    const { artifacts, bytes } = approvedPlan(DOCUMENT, BATCHES.slice(0, 1));

    expect(artifacts).toMatchObject([
      { where: 'line 1', reason: { kind: 'as-planned', text: 'because of team/api:v1' } },
      { where: 'line 1', reason: { kind: 'as-planned', text: 'because of team/api:v2' } },
    ]);
    expect(bytes.planned).toBe(2000);
  });

  it('keeps the reasons of two tags of one digest apart', () => {
    const twice = batch(planned('team/api:v1', one.digest), planned('team/api:v2', one.digest));
    const document = { ...DOCUMENT, batches: [twice] };
    const whys = approvedPlan(document, documentBatches(document)).artifacts.map(({ reason }) => reason);

    expect(whys).toMatchObject([{ text: 'because of team/api:v1' }, { text: 'because of team/api:v2' }]);
  });

  it('says of what is pinned why its tag was to travel', async () => {
    const registry = stocked();
    registry.push(REPOSITORY, three, 'v1');
    const drifts = await findDrift(registry, BATCHES);
    const [pinned] = approvedPlan(DOCUMENT, afterDrift(BATCHES, drifts, DOCUMENT.transferName)).artifacts;

    expect(pinned).toMatchObject({ digest: one.digest, reason: { text: 'because of team/api:v1' } });
  });
});
