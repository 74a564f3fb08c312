/** A plan that one step creates and another one executes. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { readDocument } from '../../../src/transfer/documents/codec.ts';
import { PLAN, type PlanDocument } from '../../../src/transfer/documents/schemas.ts';
import type { OnDrift, PlanSource } from '../../../src/transfer/model/request.ts';
import { allErrors, countOutcomes, statusOf, type TransferResult } from '../../../src/transfer/model/result.ts';
import { matrixOf, parseShard, type Shard } from '../../../src/transfer/model/shard.ts';
import type { TransferContext } from '../../../src/transfer/ports/context.ts';
import { runTransfer } from '../../../src/transfer/run.ts';
import { image } from './ports/registry.fixture.ts';
import { apartRequests, fullRequest, twoClouds, type RequestChanges, type TwoClouds } from './ports/context.fixture.ts';

const LINES = ['team/api:*'];
const TAGS = ['v1', 'v2', 'v3', 'v4', 'v5'];

let clouds: TwoClouds;

beforeEach(() => {
  clouds = twoClouds();
  for (const tag of TAGS) clouds.source.registry.push('team/api', image(tag), tag);
});

const planning = (changes: RequestChanges = {}): Promise<TransferResult> =>
  runTransfer(fullRequest(LINES, { artifactsPerRun: 2, dryRun: true, ...changes }), clouds.context);

const execution = (
  order: Partial<Extract<PlanSource, { kind: 'approved' }>> = {},
  changes: RequestChanges = {},
): Promise<TransferResult> => {
  const given: PlanSource = { kind: 'approved', place: 'plan.json', onDrift: 'stop', shard: null, ...order };
  return runTransfer(fullRequest(LINES, { transferName: 'another-run', ...changes, order: given }), clouds.context);
};

const planIn = ({ written }: TwoClouds): PlanDocument =>
  readDocument(PLAN, written.get('plan.json') ?? '', 'plan.json');

const ids = (result: TransferResult): string[] => allErrors(result).map(({ facts }) => facts.id);

const outcomes = ({ batches }: TransferResult): Record<string, string> =>
  Object.fromEntries(
    batches.flatMap(({ artifacts }) => artifacts.map(({ reference, outcome }) => [reference, outcome])),
  );

const blobs = ({ batches }: TransferResult): string[] => batches.map(({ batch }) => batch.blob);

describe('a dry run', () => {
  it('starts no run, and writes only the plan, on this runner', async () => {
    const result = await planning();

    expect(result).toMatchObject({ dryRun: true, failures: [], paths: { plan: '/documents/plan.json' } });
    expect(Object.values(outcomes(result))).toEqual(TAGS.map(() => 'planned'));
    expect(countOutcomes(result)).toEqual({ selected: 5, transferred: 0, skipped: 0, failed: 0 });
    expect(statusOf(result)).toBe('succeeded');
    expect([...clouds.written.keys()]).toEqual(['plan.json']);
    for (const side of [clouds.source, clouds.target]) {
      const done = side.container.calls.filter((call) => !call.startsWith('find '));
      expect([side.runs.started, [...side.container.blobs.keys()], done]).toEqual([[], [], []]);
    }
  });

  it('has nothing to do if every artifact is up to date', async () => {
    await runTransfer(fullRequest(LINES), clouds.context);
    const result = await planning({ incremental: { kind: 'target' } });

    expect([statusOf(result), countOutcomes(result).skipped]).toEqual(['nothing-to-do', 5]);
  });

  it('is partial if some artifacts are blocked, and fails if all are', async () => {
    clouds.source.registry.push('team/windows', { ...image('windows'), foreign: ['sha256:f'] }, 'v1');
    const some = await runTransfer(fullRequest(['team/*:*'], { dryRun: true }), clouds.context);
    const none = await runTransfer(fullRequest(['team/windows:v1'], { dryRun: true }), clouds.context);

    expect([some, none].map((result) => [statusOf(result), ids(result)])).toEqual([
      ['partial', ['ACRT3012']],
      ['failed', ['ACRT3012']],
    ]);
  });

  it('needs no target in mode export', async () => {
    const context: TransferContext = {
      ...clouds.context,
      connect: (side) => {
        if (side === 'source') return clouds.source.services;
        throw new Error('the target was asked for');
      },
    };
    const result = await runTransfer(apartRequests(LINES, { dryRun: true }).export, context);

    expect(statusOf(result)).toBe('succeeded');
  });
});

describe('an approved plan', () => {
  it('is executed exactly, under its own name, regardless of later pushes', async () => {
    const planned = await planning();
    clouds.source.registry.push('team/api', image('late'), 'v6');
    const result = await execution();

    expect(blobs(result)).toEqual(blobs(planned));
    expect(outcomes(result)).toEqual(Object.fromEntries(TAGS.map((tag) => [`team/api:${tag}`, 'verified'])));
    expect(result.transferName).toBe('nightly');
    expect(clouds.target.container.text('nightly.transfer.json')).not.toBeNull();
    expect(clouds.target.registry.peek('team/api', 'v6')).toBeNull();
  });

  it('is executed once, even if it is used again', async () => {
    await planning();
    await execution();
    const before = clouds.source.runs.started.length;
    const again = await execution();

    expect([statusOf(again), clouds.source.runs.started.length]).toEqual(['nothing-to-do', before]);
  });

  it.each([
    { name: 'is missing', text: null, id: 'ACRT7001' },
    { name: 'is damaged', text: '{', id: 'ACRT7001' },
  ])('fails the transfer if it $name', async ({ text, id }) => {
    if (text !== null) clouds.written.set('plan.json', text);
    const result = await execution();

    expect([ids(result), clouds.source.runs.started]).toEqual([[id], []]);
  });

  it.each([
    { name: 'its content', change: (text: string) => text.replaceAll('team/api:v1', 'team/api:v9') },
    { name: 'its registry', change: (text: string) => text.replace('source.azurecr.io', 'other.azurecr.io') },
    { name: 'its pipeline', change: (text: string) => text.replace('exportPipelines/exporter', 'exportPipelines/x') },
    { name: 'its target', change: (text: string) => text.replace('registries/importregistry', 'registries/x') },
  ])('is refused if $name was changed', async ({ change }) => {
    await planning();
    const text = clouds.written.get('plan.json') ?? '';
    clouds.written.set('plan.json', change(text));
    const result = await execution();

    expect(change(text)).not.toBe(text);
    expect([ids(result), clouds.source.runs.started]).toEqual([['ACRT7005'], []]);
  });
});

describe('a source that has changed since the plan', () => {
  const drift = async (onDrift: OnDrift): Promise<TransferResult> => {
    await planning();
    clouds.source.registry.push('team/api', image('moved'), 'v1');
    clouds.source.registry.remove('team/api', image('v2').digest);
    return execution({ onDrift });
  };

  it('fails the transfer, with every change in the error', async () => {
    const result = await drift('stop');

    expect([ids(result), clouds.source.runs.started]).toEqual([['ACRT4010'], []]);
    for (const part of ['team/api:v1', 'team/api:v2', image('moved').digest, 'not in the registry']) {
      expect(result.failures[0]?.facts.message).toContain(part);
    }
  });

  it('is tolerated if requested: moved tags are transferred by digest, and missing artifacts are errors', async () => {
    const result = await drift('continue');

    expect(outcomes(result)).toEqual({
      [`team/api@${image('v1').digest}`]: 'verified',
      'team/api:v3': 'verified',
      'team/api:v4': 'verified',
      'team/api:v5': 'verified',
    });
    expect([statusOf(result), ids(result)]).toEqual(['partial', ['ACRT3005']]);
    expect(countOutcomes(result)).toEqual({ selected: 5, transferred: 4, skipped: 0, failed: 1 });
    expect(result.warnings).toEqual([expect.stringContaining('team/api:v1 moved to')]);
    expect(clouds.target.registry.peek('team/api', 'v1')).toBeNull();
  });
});

describe('shards of a plan', () => {
  const shards = ({ planned }: TransferResult): Shard[] =>
    matrixOf(planned?.plan.batches ?? []).flatMap(({ shard }) => {
      const parsed = parseShard(shard);
      return parsed.ok ? parsed.value : [];
    });

  it('add up to the whole plan, each with its own documents', async () => {
    const planned = await planning();
    const parts = shards(planned);
    const results = await Promise.all(parts.map((shard) => execution({ shard })));

    expect(parts).toHaveLength(3);
    expect(results.flatMap(blobs).sort()).toEqual(blobs(planned).sort());
    expect(results.flatMap((result) => Object.keys(outcomes(result))).sort()).toEqual(
      TAGS.map((tag) => `team/api:${tag}`),
    );
    const manifests = [...clouds.target.container.blobs.keys()].filter((name) => name.endsWith('.transfer.json'));
    expect(manifests.sort()).toEqual([1, 2, 3].map((number) => `nightly.${number}-of-3.transfer.json`));
  });

  it('stay the same if the source changes in one of them', async () => {
    const planned = await planning();
    const [artifact] = planIn(clouds).batches[0]?.artifacts ?? [];
    clouds.source.registry.push('team/api', image('moved'), artifact?.reference.split(':')[1]);
    const results = await Promise.all(shards(planned).map((shard) => execution({ shard, onDrift: 'continue' })));

    expect(results.flatMap((result) => Object.keys(outcomes(result)))).toHaveLength(TAGS.length);
  });

  it('can outnumber the batches: the rest have nothing to do', async () => {
    await planning();

    expect(statusOf(await execution({ shard: { number: 9, of: 9 } }))).toBe('nothing-to-do');
  });

  it('all record their transfers in the history', async () => {
    const planned = await planning({ incremental: { kind: 'history' } });
    await Promise.all(shards(planned).map((shard) => execution({ shard })));
    const next = await runTransfer(
      fullRequest(LINES, { transferName: 'next', incremental: { kind: 'history' } }),
      clouds.context,
    );

    expect(statusOf(next)).toBe('nothing-to-do');
  });
});
