/** Exports that leave out artifacts although their runs succeed, as pipelines with ContinueOnErrors do. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { readDocument } from '../../../src/transfer/documents/codec.ts';
import { MANIFEST } from '../../../src/transfer/documents/schemas.ts';
import { allErrors, statusOf, type TransferResult } from '../../../src/transfer/model/result.ts';
import type { Manifest } from '../../../src/transfer/ports/registry.ts';
import { runTransfer } from '../../../src/transfer/run.ts';
import {
  apartRequests,
  fullRequest,
  pipelineFacts,
  twoClouds,
  type TwoClouds,
  type Weather,
} from './ports/context.fixture.ts';
import { image } from './ports/registry.fixture.ts';

const LINES = ['team/api:v1', 'team/db:v1', 'team/web:v1'];
const HISTORY = { incremental: { kind: 'history' } } as const;

/** An image with a layer that is larger than what a tar adds to it. */
const large = (seed: string): Manifest => {
  const small = image(seed);
  return { ...small, content: small.content.map((item) => ({ ...item, size: item.size * 1000 })) };
};

/** What exports leave out now. */
let damaged: readonly string[];
/** How many exports leave it out; later ones don't. */
let times: number;

beforeEach(() => {
  damaged = ['team/web:v1'];
  times = Infinity;
});

function clouds(weather: Weather = {}, options = ['ContinueOnErrors']): TwoClouds {
  const pipeline = () => Promise.resolve(pipelineFacts({ containerUri: 'https://source/transfer', options }));
  const made = twoClouds({
    leavesOut: () => (times-- > 0 ? damaged : []),
    services: { source: { pipeline } },
    ...weather,
  });
  for (const line of LINES) {
    const [repository = '', tag = ''] = line.split(':');
    made.source.registry.push(repository, large(line), tag);
  }
  return made;
}

const ids = (result: TransferResult): string[] => allErrors(result).map(({ facts }) => facts.id);
const outcomes = ({ batches }: TransferResult): Record<string, string> =>
  Object.fromEntries(
    batches.flatMap(({ artifacts }) => artifacts.map(({ reference, outcome }) => [reference, outcome])),
  );
const exportsOf = ({ source }: TwoClouds): (readonly string[])[] =>
  source.runs.started.flatMap(({ order }) => (order.kind === 'export' ? [order.artifacts] : []));
const handedOver = ({ source }: TwoClouds) => {
  const { batches, missing } = readDocument(MANIFEST, source.container.text('nightly.transfer.json') ?? '', 'manifest');
  return { batches: batches.map(({ artifacts }) => artifacts.map(({ reference }) => reference)), missing };
};
const exporting = ({ context }: TwoClouds): Promise<TransferResult> =>
  runTransfer(apartRequests(LINES, HISTORY).export, context);

describe('an export that leaves out an artifact', () => {
  it.each([
    { name: 'names it', weather: { errorMessage: 'team/web:v1 could not be exported' } },
    { name: 'does not name it', weather: { errorMessage: 'One artifact could not be exported' } },
    { name: 'has no message, and its blob is too small', weather: {} },
  ])('B3: is not recorded as complete if the run $name', async ({ weather }) => {
    const scene = clouds(weather);
    const first = await exporting(scene);

    expect(outcomes(first)).toEqual({ 'team/api:v1': 'exported', 'team/db:v1': 'exported', 'team/web:v1': 'failed' });
    expect(statusOf(first)).toBe('partial');
    expect(handedOver(scene).batches.flat().sort()).toEqual(['team/api:v1', 'team/db:v1']);
    expect(handedOver(scene).missing).toEqual(['team/web:v1']);

    damaged = [];
    const second = await exporting(scene);

    expect([outcomes(second)['team/web:v1'], ids(second)]).toEqual(['exported', []]);
    expect(handedOver(scene).batches.flat().sort()).toEqual(LINES);
  });

  it('B3: exports it again in the same step, under another blob name', async () => {
    const scene = clouds({ errorMessage: 'team/web:v1 could not be exported' });
    times = 1;
    const result = await exporting(scene);

    expect([ids(result), outcomes(result)]).toEqual([[], Object.fromEntries(LINES.map((line) => [line, 'exported']))]);
    expect(exportsOf(scene)).toEqual([LINES, ['team/web:v1']]);
    expect(handedOver(scene)).toEqual({ batches: [['team/api:v1', 'team/db:v1'], ['team/web:v1']], missing: [] });
    expect(new Set(scene.source.runs.started.map(({ name }) => name)).size).toBe(2);
  });

  it('B3: exports nothing twice in a second step that finds the runs of the first', async () => {
    const scene = clouds({ errorMessage: 'team/web:v1 could not be exported' });
    times = 1;
    const request = apartRequests(LINES).export;
    await runTransfer(request, scene.context);
    const again = await runTransfer(request, scene.context);

    expect([ids(again), exportsOf(scene).length, handedOver(scene).batches.length]).toEqual([[], 2, 2]);
    expect(outcomes(again)).toEqual(Object.fromEntries(LINES.map((line) => [line, 'present'])));
  });

  it('B3: fails with the reason of the service if the export of the rest leaves it out too', async () => {
    const scene = clouds({ errorMessage: 'team/db:v1 and team/web:v1 could not be exported' });
    damaged = ['team/web:v1'];
    const result = await exporting(scene);

    expect(ids(result)).toEqual(['ACRT4030', 'ACRT4030']);
    expect(outcomes(result)).toMatchObject({ 'team/api:v1': 'exported', 'team/web:v1': 'failed' });
    expect(handedOver(scene).missing).toEqual(['team/db:v1', 'team/web:v1']);
  });

  it('is not suspected without ContinueOnErrors, however small the blob is', async () => {
    const scene = clouds({}, []);
    const result = await exporting(scene);

    expect([ids(result), exportsOf(scene)]).toEqual([[], [LINES]]);
  });
});

describe('a full transfer whose export leaves out an artifact', () => {
  const sync = ({ context }: TwoClouds): Promise<TransferResult> =>
    runTransfer(fullRequest(LINES, { incremental: { kind: 'target' } }), context);

  it('B4: transfers it in the same step if the cause is gone', async () => {
    const scene = clouds();
    times = 1;
    const result = await sync(scene);

    expect([ids(result), outcomes(result)]).toEqual([[], Object.fromEntries(LINES.map((line) => [line, 'verified']))]);
    expect(exportsOf(scene)).toEqual([LINES, ['team/web:v1']]);
    expect(scene.target.registry.peek('team/web', 'v1')).toEqual(large('team/web:v1'));
  });

  it.each([
    { name: 'the same step', options: ['ContinueOnErrors'] },
    { name: 'a later step, even without ContinueOnErrors', options: [] },
  ])('B4: never keeps failing on the blob of $name', async ({ options }) => {
    let current = ['ContinueOnErrors'];
    const pipeline = () =>
      Promise.resolve(pipelineFacts({ containerUri: 'https://source/transfer', options: current }));
    const scene = clouds({ services: { source: { pipeline } } });
    const first = await sync(scene);
    expect(outcomes(first)).toEqual({ 'team/api:v1': 'verified', 'team/db:v1': 'verified', 'team/web:v1': 'failed' });

    damaged = [];
    current = options;
    const second = await sync(scene);

    expect([ids(second), outcomes(second)['team/web:v1']]).toEqual([[], 'verified']);
    expect(statusOf(await sync(scene))).toBe('nothing-to-do');
  });

  it('B4: exports nothing again if the export cannot be the cause', async () => {
    const scene = clouds(
      { importing: () => ({ kind: 'succeeded', importedArtifacts: LINES }), leavesOut: () => [] },
      [],
    );
    const result = await sync(scene);

    expect([[...new Set(ids(result))], exportsOf(scene)]).toEqual([['ACRT6002'], [LINES]]);
  });
});
