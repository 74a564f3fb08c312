import { describe, expect, it } from '@jest/globals';
import { statusOf, type TransferResult } from '../../../../src/transfer/model/result.ts';
import type { RunRequest, RunState } from '../../../../src/transfer/ports/pipelines.ts';
import { runTransfer } from '../../../../src/transfer/run.ts';
import { fakeClock } from '../ports/clock.fixture.ts';
import { image } from '../ports/registry.fixture.ts';
import {
  apartRequests,
  fullRequest,
  twoClouds,
  type RequestChanges,
  type TwoClouds,
  type Weather,
} from '../ports/context.fixture.ts';

const LINES = Array.from({ length: 6 }, (_, index) => `team/app${index}:v1`);

function stocked(...weather: Parameters<typeof twoClouds>): TwoClouds {
  const clouds = twoClouds(...weather);
  for (const line of LINES) {
    const [repository = '', tag] = line.split(':');
    clouds.source.registry.push(repository, image(repository), tag);
  }
  return clouds;
}

/** Makes the export of one artifact fail. */
const failing =
  (line: string) =>
  (order: RunRequest): RunState | null =>
    order.kind === 'export' && order.artifacts.includes(line) ? { kind: 'failed', reason: 'broken' } : null;

const oneByOne = { artifactsPerRun: 1, parallelRuns: 1 };
const faults = ({ batches }: TransferResult): (string | null)[] =>
  batches.map(({ failure }) => failure?.facts.id ?? null);
const outcomes = ({ batches }: TransferResult): (string | undefined)[] =>
  batches.map(({ artifacts }) => artifacts[0]?.outcome);

describe('batches', () => {
  it('continue if another one fails', async () => {
    const clouds = stocked({ exporting: failing('team/app1:v1') });
    const result = await runTransfer(fullRequest(LINES, oneByOne), clouds.context);

    expect(outcomes(result)).toEqual(['verified', 'failed', 'verified', 'verified', 'verified', 'verified']);
    expect([faults(result)[1], statusOf(result)]).toEqual(['ACRT4001', 'partial']);
  });

  it('do not start after a failure with fail-fast, and report it', async () => {
    const clouds = stocked({ exporting: failing('team/app1:v1') });
    const result = await runTransfer(fullRequest(LINES, { ...oneByOne, failFast: true }), clouds.context);

    expect(faults(result)).toEqual([null, 'ACRT4001', 'ACRT4008', 'ACRT4008', 'ACRT4008', 'ACRT4008']);
    expect(outcomes(result)[0]).toBe('verified');
    expect(clouds.source.runs.started).toHaveLength(2);
  });

  it.each<{ name: string; weather: (clouds: () => TwoClouds) => Weather; changes?: RequestChanges; id: string }>([
    {
      name: 'a tag that moved during its export',
      weather: (clouds) => ({
        exporting: () => {
          clouds().source.registry.push('team/app0', image('moved'), 'v1');
          return null;
        },
      }),
      id: 'ACRT4009',
    },
    {
      name: 'a blob that is too large',
      weather: (clouds) => ({
        exporting: ({ blob }) => {
          clouds().source.container.put(blob, Buffer.from('packed'), { size: 2_000_000 });
          return { kind: 'succeeded', importedArtifacts: [] };
        },
      }),
      changes: { maxBlobBytes: 1_000_000 },
      id: 'ACRT5007',
    },
  ])('B5: do not start after $name with fail-fast', async ({ weather, changes, id }) => {
    const clouds: TwoClouds = stocked(weather(() => clouds));
    const request = fullRequest(LINES, { ...oneByOne, ...changes, failFast: true });
    const result = await runTransfer(request, clouds.context);

    expect(faults(result)).toEqual([id, ...Array.from({ length: 5 }, () => 'ACRT4008')]);
    expect(clouds.source.runs.started).toHaveLength(1);
  });

  it('B5: do not start after a damaged blob with fail-fast', async () => {
    const clouds = stocked();
    const requests = apartRequests(LINES, { ...oneByOne, failFast: true });
    await runTransfer(requests.export, clouds.context);
    const { batches } = await runTransfer(requests.handoff, clouds.context);
    clouds.target.container.put(batches[0]?.batch.blob ?? '', Buffer.from('damaged'));
    const result = await runTransfer(requests.import, clouds.context);

    expect(faults(result)).toEqual(['ACRT5002', ...Array.from({ length: 5 }, () => 'ACRT4008')]);
    expect(clouds.target.runs.started).toEqual([]);
  });

  it('B16: report what the handoff copied if a later stage fails', async () => {
    const clouds = stocked({ importing: () => ({ kind: 'failed', reason: 'broken' }) });
    const { batches } = await runTransfer(fullRequest(LINES.slice(0, 1)), clouds.context);
    const size = clouds.target.container.blobs.get(batches[0]?.batch.blob ?? '')?.facts.size;

    expect(batches).toMatchObject([{ failure: { facts: { id: 'ACRT4001' } }, bytes: size, handoff: { bytes: size } }]);
    expect(size).toBeGreaterThan(0);
  });

  it('run to their end with fail-fast if they have started', async () => {
    const clouds = stocked({ exporting: failing('team/app0:v1') });
    const request = fullRequest(LINES, { artifactsPerRun: 1, parallelRuns: 3, failFast: true });
    const result = await runTransfer(request, clouds.context);

    expect(outcomes(result)).toEqual(['failed', 'verified', 'verified', 'failed', 'failed', 'failed']);
  });

  it('do not start after a failed verification with fail-fast', async () => {
    const clouds = stocked({ importing: () => ({ kind: 'succeeded', importedArtifacts: [] }) });
    const result = await runTransfer(fullRequest(LINES, { ...oneByOne, failFast: true }), clouds.context);

    expect(result.batches[0]?.artifacts[0]?.failure?.facts.id).toBe('ACRT6002');
    expect(faults(result)).toContain('ACRT4008');
  });

  it.each([1, 3])('share the limit of %i concurrent runs on each side', async (parallelRuns) => {
    const clouds = stocked();
    await runTransfer(fullRequest(LINES, { artifactsPerRun: 1, parallelRuns }), clouds.context);

    expect(clouds.source.runs.mostAtATime()).toBe(parallelRuns);
    expect(clouds.target.runs.mostAtATime()).toBeLessThanOrEqual(parallelRuns);
  });

  it('do not wait for stages of other batches', async () => {
    const clouds = stocked();
    await runTransfer(fullRequest(LINES, oneByOne), clouds.context);
    const at = (batch: number, stage: string, kind: string): number =>
      clouds.events.findIndex(
        (event) => event.kind === kind && 'stage' in event && event.batch === batch && event.stage === stage,
      );

    expect(at(1, 'handoff', 'stage-started')).toBeLessThan(at(2, 'export', 'stage-ended'));
    expect(at(1, 'import', 'stage-started')).toBeLessThan(at(6, 'export', 'stage-ended'));
  });

  it('read a limited number of artifacts from the registry at a time', async () => {
    const clouds = stocked();
    const lines = Array.from({ length: 200 }, (_, index) => `team/many:v${index}`);
    for (const [index] of lines.entries()) clouds.source.registry.push('team/many', image('many'), `v${index}`);
    const request = fullRequest(lines, { artifactsPerRun: 10, parallelRuns: 20 });
    await runTransfer(request, clouds.context);
    await runTransfer(request, clouds.context);

    expect(clouds.target.registry.mostAtATime()).toBeLessThanOrEqual(16);
  });

  it('record every stage with its time', async () => {
    const clouds = stocked();
    const { batches } = await runTransfer(fullRequest(['team/app0:v1']), clouds.context);
    const [batch] = batches;

    expect(batch?.stages.map(({ stage, outcome }) => [stage, outcome])).toEqual([
      ['export', 'done'],
      ['handoff', 'done'],
      ['import', 'done'],
      ['verify', 'done'],
    ]);
    expect(batch?.stages[0]).toMatchObject({ startedAt: fakeClock().now(), endedAt: fakeClock().now() + 4000 });
  });

  it('record an exported blob for the manifest, even if a later stage fails', async () => {
    const clouds = stocked({ importing: () => ({ kind: 'failed', reason: 'broken' }) });
    const { batches } = await runTransfer(fullRequest(['team/app0:v1']), clouds.context);

    expect(batches[0]).toMatchObject({ blob: { md5: expect.any(String) }, failure: { facts: { id: 'ACRT4001' } } });
  });

  it('end at the time limit, and name the stage in progress', async () => {
    const controller = new AbortController();
    const clock = fakeClock({ seconds: 3600, controller });
    const clouds = stocked({ exporting: () => ({ kind: 'running', percentage: 50 }) }, clock, controller.signal);
    const result = await runTransfer(fullRequest(['team/app0:v1', 'team/app1:v1'], oneByOne), clouds.context);

    expect(faults(result)).toEqual(['ACRT4003', 'ACRT4003']);
    expect(result.batches[0]?.failure?.facts.message).toMatch(
      /^The export of nightly-[\da-f]{16}\.tar didn't finish within the limit of 60 min/,
    );
  });
});
