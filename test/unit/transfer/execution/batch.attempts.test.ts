/** Second attempts of imports. */
import { describe, expect, it } from '@jest/globals';
import { reportDocument } from '../../../../src/transfer/documents/build-report.ts';
import { allErrors, statusOf } from '../../../../src/transfer/model/result.ts';
import type { TransferContext } from '../../../../src/transfer/ports/context.ts';
import type { Registry } from '../../../../src/transfer/ports/registry.ts';
import { runTransfer } from '../../../../src/transfer/run.ts';
import { fullRequest, pipelineOf, twoClouds } from '../ports/context.fixture.ts';
import { image } from '../ports/registry.fixture.ts';
import { artifacts, byName, errorIds, handedOff, LINES } from './batch.fixture.ts';

describe('an import by names alone', () => {
  it('B6: succeeds again after the import has deleted the blob', async () => {
    const { clouds, blobs, importing } = await handedOff({ deleteSourceBlob: true });
    await runTransfer(byName(importing, blobs), clouds.context);
    const again = await runTransfer(byName(importing, blobs), clouds.context);

    expect(artifacts(again)).toEqual(LINES.map((line) => [line, 'present-unverified']));
    expect([errorIds(again), statusOf(again)]).toEqual([[undefined], 'nothing-to-do']);
    expect(clouds.target.runs.started).toHaveLength(1);
  });

  it('B14: reports the run that has imported the blob', async () => {
    const { clouds, blobs, importing } = await handedOff({ deleteSourceBlob: true });
    const request = byName(importing, blobs);
    const first = reportDocument(await runTransfer(request, clouds.context), null);
    const again = reportDocument(await runTransfer(request, clouds.context), null);
    const [name] = clouds.target.runs.started.map((run) => run.name);

    for (const { batches } of [first, again])
      expect(batches[0]?.runs.import).toBe(`${pipelineOf('import').registryId}/pipelineRuns/${name ?? ''}`);
  });

  it('B18: waits until an imported artifact has reached all replicas of the registry', async () => {
    const { clouds, blobs, importing } = await handedOff();
    let looks = 0;
    const registry: Registry = {
      ...clouds.target.registry,
      manifest: (...reference) => {
        looks += 1;
        return looks <= LINES.length ? Promise.resolve(null) : clouds.target.registry.manifest(...reference);
      },
    };
    const services = { ...clouds.target.services, registry: () => Promise.resolve(registry) };
    const connect: TransferContext['connect'] = (side) => (side === 'target' ? services : clouds.source.services);
    const result = await runTransfer(byName(importing, blobs), { ...clouds.context, connect });

    expect(artifacts(result)).toEqual(LINES.map((line) => [line, 'unverified']));
  });
});

describe('an import with a manifest', () => {
  it('B7: keeps what is verified if a tag is missing whose blob the import has deleted', async () => {
    const { clouds, importing } = await handedOff({ deleteSourceBlob: true });
    await runTransfer(importing, clouds.context);
    clouds.target.registry.remove('team/web', 'v1');
    const again = await runTransfer(importing, clouds.context);

    expect(artifacts(again)).toEqual([
      ['team/api:v1', 'present'],
      ['team/web:v1', 'failed'],
    ]);
    expect(allErrors(again).map(({ facts }) => facts.id)).toEqual(['ACRT4032']);
    expect(clouds.target.runs.started).toHaveLength(1);
  });
});

describe('a second attempt right after an import', () => {
  it.each([1, 3])('imports nothing twice while replicas of the registry are behind: %p reads', async (behind) => {
    const clouds = twoClouds();
    clouds.source.registry.push('team/api', image('api'), 'v1');
    const request = fullRequest(['team/api:v1']);
    await runTransfer(request, clouds.context);
    // The first attempt was killed after its import. Some reads of the second attempt reach an outdated replica.
    let reads = 0;
    const registry: Registry = {
      ...clouds.target.registry,
      manifest: (...reference) =>
        (reads += 1) <= behind ? Promise.resolve(null) : clouds.target.registry.manifest(...reference),
    };
    const services = { ...clouds.target.services, registry: () => Promise.resolve(registry) };
    const connect: TransferContext['connect'] = (side) => (side === 'target' ? services : clouds.source.services);
    const again = await runTransfer(request, { ...clouds.context, connect });

    expect(artifacts(again)).toEqual([['team/api:v1', 'present']]);
    expect(clouds.target.runs.started).toHaveLength(1);
    expect(reads).toBeGreaterThan(behind);
  });
});

describe('a full transfer without verification', () => {
  it('B10: copies nothing again after the import has deleted the blob', async () => {
    const clouds = twoClouds({ deleteSourceBlob: true });
    clouds.source.registry.push('team/api', image('api'), 'v1');
    const request = fullRequest(['team/api:v1'], { verify: false });
    await runTransfer(request, clouds.context);
    const again = await runTransfer(request, clouds.context);

    expect(artifacts(again)).toEqual([['team/api:v1', 'present-unverified']]);
    expect([again.batches[0]?.handoff, statusOf(again)]).toEqual([null, 'nothing-to-do']);
    expect(clouds.target.container.blobs.has(again.batches[0]?.batch.blob ?? '')).toBe(false);
  });
});
