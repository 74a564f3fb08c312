/** Tags that move during their export and move back, so that their digest shows nothing afterwards. */
import { describe, expect, it } from '@jest/globals';
import { readDocument } from '../../../src/transfer/documents/codec.ts';
import { MANIFEST } from '../../../src/transfer/documents/schemas.ts';
import { allErrors, type TransferResult } from '../../../src/transfer/model/result.ts';
import type { TransferContext } from '../../../src/transfer/ports/context.ts';
import type { PipelineRun, PipelineRuns } from '../../../src/transfer/ports/pipelines.ts';
import { runTransfer } from '../../../src/transfer/run.ts';
import { apartRequests, twoClouds } from './ports/context.fixture.ts';
import { image } from './ports/registry.fixture.ts';

const LINES = ['team/api:v1', 'team/web:v1'];
const [STARTED, DURING, ENDED, AFTER] = [1000, 1500, 2000, 2500];

const ids = (result: TransferResult): string[] => allErrors(result).map(({ facts }) => facts.id);

/**
 * Clouds whose tag moves to another image during the first exports, and back.
 * @param exports number of exports during which it moves
 * @param backAt time at which it moves back, in the clock of the services
 */
function moving(exports: number, backAt: number) {
  let left = exports;
  const clouds = twoClouds({
    exporting: () => {
      if (left > 0) clouds.source.registry.push('team/web', image('other'), 'v1', DURING);
      return null;
    },
  });
  clouds.source.registry.push('team/api', image('api'), 'v1', 0);
  clouds.source.registry.push('team/web', image('web'), 'v1', 0);
  // One run after the other.
  const offsets = new Map<string, number>();
  const timed = (run: PipelineRun | null): PipelineRun | null => {
    if (run === null || run.state.kind === 'running') return run;
    const offset = offsets.get(run.name) ?? offsets.size * 10_000;
    if (!offsets.has(run.name)) {
      offsets.set(run.name, offset);
      if (left > 0) clouds.source.registry.push('team/web', image('web'), 'v1', offset + backAt);
      left -= 1;
    }
    return { ...run, startedAt: offset + STARTED, endedAt: offset + ENDED };
  };
  const runs: PipelineRuns = {
    ...clouds.source.runs,
    find: async (name) => timed(await clouds.source.runs.find(name)),
  };
  const services = { ...clouds.source.services, runs: () => Promise.resolve(runs) };
  const context: TransferContext = {
    ...clouds.context,
    connect: (side) => (side === 'source' ? services : clouds.target.services),
  };
  const manifest = () =>
    readDocument(MANIFEST, clouds.source.container.text('nightly.transfer.json') ?? '', 'manifest').batches;
  return { clouds, context, manifest };
}

describe('a tag that moves during its export and moves back', () => {
  it('B13: is exported again under another blob name, and the first blob is not handed over', async () => {
    const { clouds, context, manifest } = moving(1, DURING);
    const result = await runTransfer(apartRequests(LINES).export, context);
    const blobs = clouds.source.runs.started.map(({ order }) => order.blob);

    expect([ids(result), new Set(blobs).size]).toEqual([[], 2]);
    expect(manifest().map(({ blob }) => blob.name)).toEqual([blobs[1]]);
    expect(clouds.source.container.text(blobs[1] ?? '')).toContain(image('web').digest);
  });

  it('B13: fails if it moves again', async () => {
    const { context, manifest } = moving(Infinity, DURING);
    const result = await runTransfer(apartRequests(LINES).export, context);

    expect([ids(result), manifest()]).toEqual([['ACRT4009'], []]);
  });

  it.each([
    { name: 'during that export', backAt: DURING, blobs: 2 },
    { name: 'after it, which says nothing about the export', backAt: AFTER, blobs: 1 },
  ])('B13: is found in the export of an earlier step if it moved back $name', async ({ backAt, blobs }) => {
    const { clouds, context } = moving(1, backAt);
    const stop = new AbortController();
    const tag = (): Promise<never> => {
      stop.abort(new DOMException('killed', 'AbortError'));
      return new Promise<never>(() => undefined);
    };
    const services = clouds.source.services;
    const registry = () => Promise.resolve({ ...clouds.source.registry, tag });
    const request = apartRequests(LINES).export;
    const connect: TransferContext['connect'] = (side, sideRequest) =>
      side === 'source' ? { ...services, ...context.connect(side, sideRequest), registry } : clouds.target.services;
    await runTransfer(request, { ...context, connect, signal: stop.signal, ending: stop.signal });
    const second = await runTransfer(request, context);

    expect(ids(second)).toEqual([]);
    expect(clouds.source.runs.started).toHaveLength(blobs);
  });
});
