/** Second attempts, other steps, and later syncs of one transfer. */
import { describe, expect, it } from '@jest/globals';
import { readDocument } from '../../../src/transfer/documents/codec.ts';
import { MANIFEST } from '../../../src/transfer/documents/schemas.ts';
import { transferError } from '../../../src/transfer/errors/transfer-error.ts';
import { allErrors, statusOf, type TransferResult } from '../../../src/transfer/model/result.ts';
import { startOrAttach } from '../../../src/transfer/pipelines/pipeline-run.ts';
import type { Provenance } from '../../../src/transfer/ports/context.ts';
import { runTransfer } from '../../../src/transfer/run.ts';
import { image } from './ports/registry.fixture.ts';
import { memoryRuns, runAt, SUCCEEDED } from './ports/pipelines.fixture.ts';
import { apartRequests, twoClouds, type TwoClouds, type Weather } from './ports/context.fixture.ts';

const LINES = ['team/api:v1', 'team/web:v1'];

function stocked(weather: Weather = {}): TwoClouds {
  const clouds = twoClouds(weather);
  clouds.source.registry.push('team/api', image('api'), 'v1');
  clouds.source.registry.push('team/web', image('web'), 'v1');
  return clouds;
}

const ids = (result: TransferResult): string[] => allErrors(result).map(({ facts }) => facts.id);

describe('a reused blob name', () => {
  it('is imported again if its content differs', async () => {
    const clouds = stocked();
    const requests = apartRequests(LINES);
    const exported = await runTransfer(requests.export, clouds.context);
    const [blob = ''] = exported.batches.map(({ batch }) => batch.blob);
    const request = { ...requests.import, intake: { kind: 'blobs' as const, names: ['nightly.tar'] } };
    const content = Buffer.from(clouds.source.container.text(blob) ?? '');

    clouds.target.container.put('nightly.tar', content);
    await runTransfer(request, clouds.context);
    clouds.target.container.put('nightly.tar', Buffer.concat([content, Buffer.from('\n')]));
    await runTransfer(request, clouds.context);

    expect(clouds.target.runs.started).toHaveLength(2);
  });
});

describe('an export that failed for some artifacts', () => {
  const oneFails: Weather = {
    exporting: (order) =>
      order.kind === 'export' && order.artifacts.includes('team/web:v1') ? { kind: 'failed', reason: 'broken' } : null,
  };

  it('is reported by handoff and import too, and the exported artifacts are transferred', async () => {
    const clouds = stocked(oneFails);
    const requests = apartRequests(LINES, { artifactsPerRun: 1 });
    await runTransfer(requests.export, clouds.context);
    const handedOff = await runTransfer(requests.handoff, clouds.context);
    const imported = await runTransfer(requests.import, clouds.context);

    expect([ids(handedOff), statusOf(handedOff)]).toEqual([['ACRT7003'], 'partial']);
    expect([ids(imported), statusOf(imported)]).toEqual([['ACRT7003'], 'partial']);
    expect(allErrors(imported)[0]?.facts.message).toContain('team/web:v1');
    expect(imported.batches.flatMap(({ artifacts }) => artifacts.map(({ outcome }) => outcome))).toEqual(['verified']);
  });
});

describe('a tag that moves during its export', () => {
  it('fails, and is not in the transfer manifest', async () => {
    const clouds: TwoClouds = stocked({
      exporting: () => {
        clouds.source.registry.push('team/api', image('api 2'), 'v1');
        return null;
      },
    });
    const result = await runTransfer(apartRequests(LINES).export, clouds.context);

    expect(ids(result)).toEqual(['ACRT4009']);
    expect(result.batches[0]?.blob).toBeNull();
  });
});

describe('two steps of one workflow run with one transfer name', () => {
  const provenance: Provenance = {
    repository: 'contoso/shop',
    commit: 'c',
    workflow: 'w',
    actor: 'a',
    run: 'https://github.com/contoso/shop/actions/runs/1/attempts/1',
  };

  it('B15: hand over the artifacts of both', async () => {
    const clouds = stocked();
    const context = { ...clouds.context, provenance };
    await runTransfer(apartRequests(LINES.slice(0, 1)).export, context);
    const second = await runTransfer(apartRequests(LINES.slice(1)).export, context);
    const manifest = readDocument(MANIFEST, clouds.source.container.text('nightly.transfer.json') ?? '', 'manifest');

    expect(ids(second)).toEqual([]);
    expect(manifest.batches.flatMap(({ artifacts }) => artifacts.map(({ reference }) => reference)).sort()).toEqual(
      LINES,
    );
  });

  it('are refused if they are for different targets', async () => {
    const clouds = stocked();
    const context = { ...clouds.context, provenance };
    await runTransfer(apartRequests(LINES.slice(0, 1)).export, context);
    const elsewhere = apartRequests(LINES.slice(1), { destination: null }).export;

    expect(ids(await runTransfer(elsewhere, context))).toEqual(['ACRT7004']);
  });
});

describe('startOrAttach', () => {
  const order = { kind: 'import', blob: 'a.tar' } as const;

  const failed = { side: 'target', what: 'start', reason: 'HTTP 503' } as const;

  it.each([
    transferError('ACRT4006', { run: 'r', reason: 'Conflict' }),
    transferError('ACRT3009', failed),
    transferError('ACRT2018', { host: 'arm', reason: 'page' }),
    transferError('ACRT2019', { host: 'arm', reason: 'HTTP 503' }),
  ])('attaches to a run in progress although the start failed with $facts.id', async (refused) => {
    const runs = memoryRuns(() => ({ kind: 'succeeded', importedArtifacts: [] }));
    const running = runAt('import1', { kind: 'running', percentage: null });
    const busy = { ...runs, start: () => Promise.reject(refused), find: () => Promise.resolve(running) };
    const idle = { ...busy, find: () => Promise.resolve(null) };

    await expect(startOrAttach(busy, 'import1', order, null)).resolves.toBe(running);
    await expect(startOrAttach(idle, 'import1', order, null)).rejects.toBe(refused);
  });

  it.each([
    {
      name: 'a refusal that leaves no doubt',
      error: transferError('ACRT3002', { side: 'target', what: 's', reason: '403' }),
    },
    { name: 'what is no failure', error: new Error('surprise') },
  ])('attaches to no run after $name', async ({ error }) => {
    const running = runAt('import1', { kind: 'running', percentage: null });
    const runs = {
      ...memoryRuns(() => SUCCEEDED),
      start: () => Promise.reject(error),
      find: () => Promise.resolve(running),
    };

    await expect(startOrAttach(runs, 'import1', order, null)).rejects.toBe(error);
  });

  it('attaches to a run that ended before the first poll, unless it is the earlier run', async () => {
    const runs = memoryRuns(() => SUCCEEDED);
    const refused = transferError('ACRT4006', { run: 'r', reason: 'Conflict' });
    const ended = runAt('import1', SUCCEEDED, null, 2000);
    const before = runAt('import1', { kind: 'failed', reason: 'broken' }, null, 1000);
    const twice = { ...runs, start: () => Promise.reject(refused), find: () => Promise.resolve(ended) };

    await expect(startOrAttach(twice, 'import1', order, null)).resolves.toBe(ended);
    await expect(startOrAttach(twice, 'import1', order, before)).resolves.toBe(ended);
    await expect(startOrAttach(twice, 'import1', order, ended)).rejects.toBe(refused);
  });

  it('attaches to a run in progress whose start time is not known yet', async () => {
    const refused = transferError('ACRT4006', { run: 'r', reason: 'Conflict' });
    const earlier = runAt('import1', { kind: 'failed', reason: 'broken' }, null, 1000);
    const running = { ...runAt('import1', { kind: 'running', percentage: null }), startedAt: null };
    const runs = {
      ...memoryRuns(() => SUCCEEDED),
      start: () => Promise.reject(refused),
      find: () => Promise.resolve(running),
    };

    await expect(startOrAttach(runs, 'import1', order, earlier)).resolves.toBe(running);
  });
});
