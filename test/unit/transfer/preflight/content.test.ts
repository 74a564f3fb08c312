import { describe, expect, it } from '@jest/globals';
import { transferError } from '../../../../src/transfer/errors/transfer-error.ts';
import { runName, type Batch } from '../../../../src/transfer/model/artifact.ts';
import type { CheckResult } from '../../../../src/transfer/model/check-result.ts';
import { parseReference } from '../../../../src/transfer/model/reference.ts';
import type { RunState } from '../../../../src/transfer/ports/pipelines.ts';
import type { Manifest } from '../../../../src/transfer/ports/registry.ts';
import type { ReadySide } from '../../../../src/transfer/ports/side-services.ts';
import { checkSourceContent } from '../../../../src/transfer/preflight/source-content.ts';
import { checkTargetContent } from '../../../../src/transfer/preflight/target-content.ts';
import { digestOf } from '../ports/registry.fixture.ts';
import { runAt, SUCCEEDED } from '../ports/pipelines.fixture.ts';
import { pipelineFacts, pipelineOf, twoClouds, type TwoClouds } from '../ports/context.fixture.ts';

const DAY = 24 * 3600_000;
const CATEGORY = { category: 'acr-transfer-blob' };

function batchOf(...references: readonly string[]): Batch {
  const artifacts = references.map((text) => {
    const parsed = parseReference(text);
    if (!parsed.ok) throw new Error(parsed.problem);
    const digest = digestOf(text);
    return { reference: parsed.value, digest, mediaType: 'm', size: 1, children: [], subject: null };
  });
  return { index: 1, blob: 'nightly-1.tar', artifacts, bytes: 1 };
}

const manifestOf = (seed: string): Manifest => ({
  digest: digestOf(seed),
  mediaType: 'm',
  size: 1,
  content: [],
  children: [],
  subject: null,
  foreign: [],
});

function ready(clouds: TwoClouds, side: 'source' | 'target', options: readonly string[] = []): ReadySide {
  const { runs, registry, container } = clouds[side];
  const pipeline = pipelineOf(side === 'source' ? 'export' : 'import');
  return { pipeline, facts: pipelineFacts({ options }), runs, registry, container };
}

const problemsOf = (results: readonly CheckResult[]): string[] =>
  results.flatMap((result) => ('failure' in result ? [`${result.verdict} ${result.failure.facts.id}`] : []));

const FAILED: RunState = { kind: 'failed', reason: 'no more room' };

const BY_RUN = { importBy: 'run', verify: true } as const;
const BY_TRIGGER = { importBy: 'trigger', verify: true } as const;

describe('the content of the source', () => {
  const batch = batchOf('team/api:v1');

  it('has no problems if nothing is locked and no blob exists', async () => {
    const clouds = twoClouds();
    clouds.source.registry.push('team/api', manifestOf('team/api:v1'), 'v1');
    const results = await checkSourceContent(ready(clouds, 'source'), [batch]);

    expect(results.map(({ check, verdict }) => `${check} ${verdict}`)).toEqual(['artifacts ok', 'blobs ok']);
  });

  it.each([
    { name: 'a tag that is locked for reading', of: 'v1', locks: { readable: false } },
    { name: 'a manifest that is locked for reading', of: digestOf('team/api:v1'), locks: { readable: false } },
    { name: 'a manifest in quarantine', of: digestOf('team/api:v1'), locks: { quarantined: true } },
  ])('cannot be pulled with $name', async ({ of, locks }) => {
    const clouds = twoClouds();
    clouds.source.registry.push('team/api', manifestOf('team/api:v1'), 'v1');
    clouds.source.registry.lock('team/api', of, locks);

    expect(problemsOf(await checkSourceContent(ready(clouds, 'source'), [batch]))).toEqual(['error ACRT3031']);
  });

  it.each([
    { name: 'no run has written', options: [], run: null, expected: ['error ACRT3017'] },
    { name: 'a failed run has written', options: [], run: FAILED, expected: ['error ACRT3017'] },
    { name: 'a run has written', options: [], run: SUCCEEDED, expected: [] },
    { name: 'the pipeline overwrites', options: ['OverwriteBlobs'], run: null, expected: [] },
  ])('is checked for an existing blob that $name', async ({ options, run, expected }) => {
    const clouds = twoClouds();
    const side = ready(clouds, 'source', options);
    clouds.source.registry.push('team/api', manifestOf('team/api:v1'), 'v1');
    clouds.source.container.put(batch.blob, Buffer.from('x'));
    const name = runName('export', side.pipeline.resourceId, batch.blob);
    if (run !== null) clouds.source.runs.add(runAt(name, run, batch.blob));

    expect(problemsOf(await checkSourceContent(side, [batch]))).toEqual(expected);
  });

  it('is not read without batches', async () => {
    const clouds = twoClouds();

    expect(await checkSourceContent(ready(clouds, 'source'), [])).toEqual([]);
    expect(clouds.source.registry.asked).toEqual([]);
  });
});

describe('the content of the target', () => {
  const batch = batchOf('team/api:v1', 'team/web:v1');

  it('is not read without batches', async () => {
    const clouds = twoClouds();

    expect(await checkTargetContent(ready(clouds, 'target'), [], BY_TRIGGER, 0)).toEqual([]);
    expect(clouds.target.registry.asked).toEqual([]);
  });

  it.each([
    { name: 'no tag exists', there: [], text: 'no conflicting tags' },
    { name: 'a tag moves', there: ['team/api'], text: 'One tag will move' },
    { name: 'tags move', there: ['team/api', 'team/web'], text: '2 tags will move' },
  ])('has no problems if $name', async ({ there, text }) => {
    const clouds = twoClouds();
    for (const repository of there) clouds.target.registry.push(repository, manifestOf('other'), 'v1');
    const results = await checkTargetContent(ready(clouds, 'target', ['OverwriteTags']), [batch], BY_RUN, 0);

    expect(results).toMatchObject([{ side: 'target', check: 'tags', verdict: 'ok' }]);
    expect(JSON.stringify(results)).toContain(text);
  });

  it('has no problems for a trigger without existing blobs', async () => {
    const clouds = twoClouds();
    const results = await checkTargetContent(ready(clouds, 'target'), [batch], BY_TRIGGER, 0);

    expect(results.map(({ check, verdict }) => `${check} ${verdict}`)).toEqual(['tags ok', 'blobs ok']);
  });

  it.each([
    { name: 'no tag of this name', there: null, options: [], locked: false, expected: [] },
    { name: 'the same digest', there: 'team/api:v1', options: [], locked: true, expected: [] },
    { name: 'another digest', there: 'other', options: [], locked: false, expected: ['error ACRT3018'] },
    {
      name: 'another digest, with OverwriteTags',
      there: 'other',
      options: ['OverwriteTags'],
      locked: false,
      expected: [],
    },
    {
      name: 'another digest, locked',
      there: 'other',
      options: ['OverwriteTags'],
      locked: true,
      expected: ['error ACRT3030'],
    },
  ])('is checked for $name', async ({ there, options, locked, expected }) => {
    const clouds = twoClouds();
    if (there !== null) clouds.target.registry.push('team/api', manifestOf(there), 'v1');
    clouds.target.registry.lock('team/api', 'v1', { writable: !locked });
    const results = await checkTargetContent(ready(clouds, 'target', options), [batch], BY_RUN, 0);

    expect(problemsOf(results)).toEqual(expected);
  });

  it.each([
    { name: 'is an error with verification', verify: true, expected: ['error'] },
    { name: 'is unknown without verification', verify: false, expected: ['unknown'] },
  ])('a registry that cannot be read $name', async ({ verify, expected }) => {
    const clouds = twoClouds();
    const side = ready(clouds, 'target');
    const tags = (): Promise<never> =>
      Promise.reject(transferError('ACRT6004', { registry: 'target', reason: 'HTTP 403', reference: 'team/api' }));
    const results = await checkTargetContent(
      { ...side, registry: { ...side.registry, tags } },
      [batch],
      { importBy: 'run', verify },
      0,
    );

    expect(results.map(({ verdict }) => verdict)).toEqual(expected);
  });

  it.each([
    { name: 'without problems', facts: { metadata: CATEGORY }, expected: [] },
    { name: 'without its category', facts: { metadata: {} }, expected: ['error ACRT3032'] },
    { name: 'without MD5', facts: { metadata: CATEGORY, md5: null }, expected: ['error ACRT5006'] },
    { name: 'that is 60 days old', facts: { metadata: CATEGORY, modifiedAt: -60 * DAY }, expected: [] },
    {
      name: 'that is slightly older',
      facts: { metadata: CATEGORY, modifiedAt: -60 * DAY - 1 },
      expected: ['error ACRT3033'],
    },
  ])('is checked for a trigger, with a blob $name', async ({ facts, expected }) => {
    const clouds = twoClouds();
    clouds.target.container.put(batch.blob, Buffer.from('x'), { modifiedAt: 0, ...facts });
    const results = await checkTargetContent(ready(clouds, 'target'), [batch], BY_TRIGGER, 0);

    expect(problemsOf(results)).toEqual(expected);
  });

  it.each([
    { age: 60 * DAY + 1, days: '60.1' },
    { age: 61 * DAY, days: '61' },
  ])('has the age of a blob that is $days days old', async ({ age, days }) => {
    const clouds = twoClouds();
    clouds.target.container.put(batch.blob, Buffer.from('x'), { metadata: CATEGORY, modifiedAt: -age });
    const [result] = (await checkTargetContent(ready(clouds, 'target'), [batch], BY_TRIGGER, 0)).slice(-1);

    expect(result).toMatchObject({ failure: { facts: { message: expect.stringContaining(` ${days} days ago`) } } });
  });
});
