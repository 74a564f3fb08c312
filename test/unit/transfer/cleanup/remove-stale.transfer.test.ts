import { describe, expect, it } from '@jest/globals';
import { transferError } from '../../../../src/transfer/errors/transfer-error.ts';
import { runName } from '../../../../src/transfer/model/artifact.ts';
import type { FullRequest, TransferRequest } from '../../../../src/transfer/model/request.ts';
import { statusOf, type TransferResult } from '../../../../src/transfer/model/result.ts';
import type { TransferContext } from '../../../../src/transfer/ports/context.ts';
import type { RunRequest, RunState } from '../../../../src/transfer/ports/pipelines.ts';
import { cleanUp, runTransfer } from '../../../../src/transfer/run.ts';
import { image } from '../ports/registry.fixture.ts';
import { memoryRuns } from '../ports/pipelines.fixture.ts';
import { fullRequest, twoClouds, type TwoClouds } from '../ports/context.fixture.ts';

const LINES = ['team/api:v1'];
const DAY = 86_400;

/** Two clouds with the runs and blobs of a transfer that is forty days old. */
async function afterFortyDays(): Promise<TwoClouds> {
  return fortyDaysLater(twoClouds());
}

/** The same for given clouds. */
async function fortyDaysLater(clouds: TwoClouds): Promise<TwoClouds> {
  clouds.source.registry.push('team/api', image('old'), 'v1');
  await runTransfer(fullRequest(LINES, { transferName: 'old' }), clouds.context);
  const request = fullRequest(LINES);
  const at = { ended: true, startedAt: clouds.context.clock.now() };
  const { exportPipeline, importPipeline } = request;
  const [out, into] = [exportPipeline.resourceId, importPipeline.resourceId];
  clouds.source.runs.archive.kept.push({ name: runName('export', out, 'old'), pipelineId: out, ...at });
  clouds.target.runs.archive.kept.push({ name: runName('import', into, 'old'), pipelineId: into, ...at });
  await clouds.context.clock.sleep(40 * DAY, new AbortController().signal);
  clouds.source.registry.push('team/api', image('new'), 'v1');
  return clouds;
}

/** A transfer, and the cleanup after it. */
async function withCleanup(request: TransferRequest, context: TransferContext): Promise<TransferResult> {
  const result = await runTransfer(request, context);
  return (await cleanUp(request, result, context)) ?? result;
}

const namesOf = ({ container }: TwoClouds['source']): readonly string[] => [...container.blobs.keys()].sort();
const nightly = (changes: Partial<FullRequest> = {}): FullRequest =>
  fullRequest(LINES, { cleanupDays: 30, ...changes });

describe('the cleanup after a transfer', () => {
  it('removes old runs, blobs, plans, and manifests of both sides, and keeps the new ones', async () => {
    const clouds = await afterFortyDays();
    const result = await withCleanup(nightly(), clouds.context);
    expect(result.cleanup).toMatchObject([
      { side: 'source', runs: 1, warnings: [] },
      { side: 'target', runs: 1, warnings: [] },
    ]);
    for (const side of [clouds.source, clouds.target]) {
      expect(side.runs.archive.kept).toEqual([]);
      const old = namesOf(side).filter((name) => name.startsWith('old'));
      expect(old.filter((name) => !name.endsWith('.receipt.json'))).toEqual([]);
      expect(namesOf(side).some((name) => name.startsWith('nightly-') && name.endsWith('.tar'))).toBe(true);
    }
  });

  it.each([
    { name: 'it is off', changes: { cleanupDays: null } },
    { name: 'the transfer is a dry run', changes: { dryRun: true } },
    { name: 'nothing is old enough', changes: { cleanupDays: 41 } },
  ])('removes nothing if $name', async ({ changes }) => {
    const clouds = await afterFortyDays();
    const before = namesOf(clouds.source);
    await withCleanup(nightly(changes), clouds.context);
    expect(namesOf(clouds.source)).toEqual(expect.arrayContaining([...before]));
    expect(clouds.source.runs.archive.kept).toHaveLength(1);
  });

  it('removes nothing after a failed transfer', async () => {
    const clouds = await afterFortyDays();
    const before = namesOf(clouds.source);
    const result = await withCleanup(nightly({ order: { ...missing(), includeReferrers: true } }), clouds.context);
    expect(result.cleanup).toBeUndefined();
    expect(namesOf(clouds.source)).toEqual(expect.arrayContaining([...before]));
  });

  it('removes nothing after a failed batch', async () => {
    let fails = false;
    const exporting = (): RunState | null => (fails ? { kind: 'failed', reason: 'Something went wrong.' } : null);
    const clouds = await fortyDaysLater(twoClouds({ exporting }));
    fails = true;
    const before = namesOf(clouds.source);
    const result = await withCleanup(nightly(), clouds.context);
    expect(result.failures).toEqual([]);
    expect(result.batches.map(({ failure: why }) => why?.facts.id)).toEqual(['ACRT4001']);
    expect(result.cleanup).toBeUndefined();
    expect(namesOf(clouds.source)).toEqual(expect.arrayContaining([...before]));
    expect(clouds.source.runs.archive.kept).toHaveLength(1);
  });

  it('removes nothing after a failed import of a blob whose artifacts are unknown', async () => {
    const clouds = await afterFortyDays();
    const before = namesOf(clouds.target);
    const intake = { kind: 'blobs', names: ['none.tar'] } as const;
    const result = await withCleanup({ ...nightly(), mode: 'import', intake }, clouds.context);
    expect(result.batches.map(({ artifacts, failure: why }) => [artifacts.length, why?.facts.id])).toEqual([
      [0, 'ACRT4001'],
    ]);
    expect(result.cleanup).toBeUndefined();
    expect(namesOf(clouds.target)).toEqual(expect.arrayContaining([...before]));
    expect(clouds.target.runs.archive.kept).toHaveLength(1);
  });

  it('removes nothing after an artifact with another digest than exported', async () => {
    const clouds = await afterFortyDays();
    const before = namesOf(clouds.source);
    const { registry, container, runs } = clouds.target;
    const importing = (order: RunRequest): RunState => {
      if (order.kind === 'import') registry.push('team/api', image('something else'), 'v1');
      return { kind: 'succeeded', importedArtifacts: LINES };
    };
    const services = { ...clouds.target.services, runs: () => Promise.resolve(memoryRuns(importing, 0)) };
    const connect: typeof clouds.context.connect = (side, request) =>
      side === 'target' ? services : clouds.context.connect(side, request);
    const result = await withCleanup(nightly(), { ...clouds.context, connect });
    expect(result.failures).toEqual([]);
    expect(result.batches.flatMap(({ artifacts }) => artifacts.map(({ outcome }) => outcome))).toEqual(['failed']);
    expect(result.cleanup).toBeUndefined();
    expect(namesOf(clouds.source)).toEqual(expect.arrayContaining([...before]));
    expect(container.blobs.size).toBeGreaterThan(0);
    expect(runs.archive.kept).toHaveLength(1);
  });

  it('removes nothing in the mode doctor', async () => {
    const clouds = await afterFortyDays();
    const before = namesOf(clouds.source);
    const { transferName, artifactsPerRun, parallelRuns, failFast, timeoutMinutes } = nightly();
    const terms = { transferName, artifactsPerRun, parallelRuns, failFast, timeoutMinutes, cleanupDays: 30 };
    const result = await withCleanup({ mode: 'doctor', ...terms, examined: nightly() }, clouds.context);
    expect(result).toMatchObject({ failures: [] });
    expect(result.cleanup).toBeUndefined();
    expect(namesOf(clouds.source)).toEqual(before);
  });

  it('B9: is not part of the transfer, whose result is complete without it', async () => {
    const clouds = await afterFortyDays();
    const archive = () => new Promise<never>(() => undefined);
    const connect: TransferContext['connect'] = (...side) => ({ ...clouds.context.connect(...side), archive });
    const result = await runTransfer(nightly(), { ...clouds.context, connect });

    expect([statusOf(result), result.failures]).toEqual(['succeeded', []]);
  });

  it.each([
    { name: 'canceled', reason: new DOMException('SIGINT', 'AbortError'), text: 'the step was canceled' },
    { name: 'at the time limit', reason: new DOMException('over', 'TimeoutError'), text: 'the time limit was reached' },
  ])('B9: ends when it is $name, and reports what it has removed until then', async ({ reason, text }) => {
    const clouds = await afterFortyDays();
    const stop = new AbortController();
    const hanging = {
      ...clouds.source.container,
      remove: () => {
        stop.abort(reason);
        return new Promise<never>(() => undefined);
      },
    };
    const services = { ...clouds.source.services, container: () => Promise.resolve(hanging) };
    const connect: TransferContext['connect'] = (side) => (side === 'source' ? services : clouds.target.services);
    const result = await withCleanup(nightly(), { ...clouds.context, connect, signal: stop.signal });

    expect([statusOf(result), result.cleanup]).toMatchObject(['succeeded', [{ runs: 1, blobs: 0 }, { runs: 0 }]]);
    expect(result.warnings).toEqual([
      expect.stringContaining(`source side is incomplete, because ${text}`),
      expect.stringContaining(`target side is incomplete, because ${text}`),
    ]);
    expect(clouds.target.runs.archive.kept).toHaveLength(1);
  });

  it('causes only warnings if it fails', async () => {
    const clouds = await afterFortyDays();
    const archive = () => Promise.reject(transferError('ACRT3002', { side: 'source', what: 'list', reason: '403' }));
    const context = {
      ...clouds.context,
      connect: (...sides: Parameters<typeof clouds.context.connect>) => ({
        ...clouds.context.connect(...sides),
        archive,
      }),
    };
    const result = await withCleanup(nightly(), context);
    expect(result.failures).toEqual([]);
    expect(result.warnings).toEqual([
      expect.stringContaining('The cleanup of the source side failed'),
      expect.stringContaining('The cleanup of the target side failed'),
    ]);
  });
});

/** A selection that matches nothing. */
function missing(): Extract<FullRequest['order'], { kind: 'new' }> {
  const { order } = fullRequest(['team/missing:v1']);
  if (order.kind !== 'new') throw new Error('no selection');
  return order;
}
