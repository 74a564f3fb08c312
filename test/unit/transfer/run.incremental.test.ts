/** Repeated syncs transfer only what is new, with every kind of baseline. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { readDocument } from '../../../src/transfer/documents/codec.ts';
import { HISTORY, MANIFEST, PLAN, RECEIPT } from '../../../src/transfer/documents/schemas.ts';
import { formatReference } from '../../../src/transfer/model/reference.ts';
import type { Incremental } from '../../../src/transfer/model/request.ts';
import { allErrors, countOutcomes, statusOf, type TransferResult } from '../../../src/transfer/model/result.ts';
import { runTransfer } from '../../../src/transfer/run.ts';
import { intakeOf } from './documents/documents.fixture.ts';
import { digestOf, image, index, referrer } from './ports/registry.fixture.ts';
import {
  apartRequests,
  fullRequest,
  pipelineOf,
  twoClouds,
  type RequestChanges,
  type TwoClouds,
} from './ports/context.fixture.ts';

const LINES = ['team/*:*'];
const api = image('api');
const arm = image('arm');
const multi = index('multi', [arm]);

const syncChanges = (name: string, incremental: Incremental, changes: RequestChanges = {}): RequestChanges => ({
  transferName: name,
  incremental,
  ...changes,
});

const transferredReferences = ({ batches }: TransferResult): string[] =>
  batches.flatMap(({ artifacts }) => artifacts.map(({ reference }) => reference)).sort();

const ids = (result: TransferResult): string[] => allErrors(result).map(({ facts }) => facts.id);

const runsOf = ({ source, target }: TwoClouds): number => source.runs.started.length + target.runs.started.length;

let clouds: TwoClouds;

beforeEach(() => {
  clouds = twoClouds();
  const { registry } = clouds.source;
  registry.push('team/api', api, 'v1');
  registry.push('team/web', arm);
  registry.push('team/web', multi, 'v1');
});

const full = (name: string, incremental: Incremental, changes: RequestChanges = {}): Promise<TransferResult> =>
  runTransfer(fullRequest(LINES, syncChanges(name, incremental, changes)), clouds.context);

describe.each<Incremental>([{ kind: 'target' }, { kind: 'receipt', places: [] }, { kind: 'history' }])(
  'with incremental: $kind',
  (incremental) => {
    it('starts nothing if nothing is new, and reports it', async () => {
      await full('sync-1', incremental);
      const before = runsOf(clouds);
      const result = await full('sync-2', incremental);

      expect([statusOf(result), result.batches]).toEqual(['nothing-to-do', []]);
      expect(countOutcomes(result)).toEqual({ selected: 2, transferred: 0, skipped: 2, failed: 0 });
      expect(result.warnings).toEqual([]);
      expect(runsOf(clouds)).toBe(before);
    });

    it('transfers exactly what is new: a moved tag, and a signature', async () => {
      await full('sync-1', incremental);
      const signature = referrer('signature', arm);
      clouds.source.registry.push('team/api', image('api 2'), 'v1');
      clouds.source.registry.push('team/web', signature);
      const result = await full('sync-2', incremental);

      expect(transferredReferences(result)).toEqual(['team/api:v1', `team/web@${signature.digest}`]);
      expect(statusOf(result)).toBe('succeeded');
      expect(clouds.target.registry.peek('team/web', signature.digest)).toEqual(signature);
    });

    it('transfers again what did not arrive', async () => {
      clouds = twoClouds({
        importing: () => (clouds.target.runs.started.length === 1 ? { kind: 'failed', reason: 'broken' } : null),
      });
      clouds.source.registry.push('team/api', api, 'v1');
      const first = await full('sync-1', incremental);
      const second = await full('sync-2', incremental);

      expect([ids(first), transferredReferences(second), statusOf(second)]).toEqual([
        ['ACRT4001'],
        ['team/api:v1'],
        'succeeded',
      ]);
    });

    it('reports artifacts that were deleted at the source, and keeps them at the target', async () => {
      await full('sync-1', incremental);
      clouds.source.registry.remove('team/api', 'v1');
      const { planned } = await full('sync-2', incremental);
      const gone = planned?.plan.skipped.filter(({ reason }) => reason.kind === 'deleted') ?? [];

      expect(gone.map(({ reference }) => formatReference(reference))).toEqual(['team/api:v1']);
      expect(clouds.target.registry.peek('team/api', 'v1')).toEqual(api);
    });
  },
);

describe('the history', () => {
  const history = { kind: 'history' } as const;
  const exporting = (name: string, changes: RequestChanges = {}): Promise<TransferResult> =>
    runTransfer(apartRequests(LINES, syncChanges(name, history, changes)).export, clouds.context);
  const historyIn = ({ source }: TwoClouds) => {
    const name = [...source.container.blobs.keys()].find((blob) => blob.endsWith('.history.json')) ?? '';
    return readDocument(HISTORY, source.container.text(name) ?? '', name);
  };

  it('includes exported artifacts, with any result at the target', async () => {
    await exporting('sync-1');
    const result = await exporting('sync-2');

    expect([statusOf(result), transferredReferences(result)]).toEqual(['nothing-to-do', []]);
    expect(historyIn(clouds)).toMatchObject({
      registry: 'source.azurecr.io',
      target: pipelineOf('import').registryId,
      artifacts: [
        { reference: 'team/api:v1', transferName: 'sync-1' },
        { reference: 'team/web:v1', children: [arm.digest] },
      ],
    });
  });

  it('keeps batches that were not handed off yet in the manifest of the same name', async () => {
    await exporting('daily');
    clouds.source.registry.push('team/api', image('api 2'), 'v2');
    const second = await exporting('daily');
    const { batches } = readDocument(MANIFEST, clouds.source.container.text('daily.transfer.json') ?? '', 'test');

    expect(transferredReferences(second)).toEqual(['team/api:v2']);
    expect(batches.flatMap(({ artifacts }) => artifacts.map(({ reference }) => reference)).sort()).toEqual([
      'team/api:v1',
      'team/api:v2',
      'team/web:v1',
    ]);
  });

  it('removes a batch from the manifest once its blob is missing or different', async () => {
    await exporting('daily', { artifactsPerRun: 1 });
    const [first = '', second = ''] = [...clouds.source.container.blobs.keys()].filter((name) => name.endsWith('.tar'));
    clouds.source.container.blobs.delete(first);
    clouds.source.container.put(second, Buffer.from('another'));
    await exporting('daily');
    const { batches } = readDocument(MANIFEST, clouds.source.container.text('daily.transfer.json') ?? '', 'test');

    expect(batches).toEqual([]);
  });

  it('includes the transfer of an approved plan', async () => {
    await runTransfer({ ...fullRequest(LINES, syncChanges('approved', history)), dryRun: true }, clouds.context);
    const order = { kind: 'approved', place: 'plan.json', onDrift: 'stop', shard: null } as const;
    await runTransfer({ ...fullRequest(LINES), order }, clouds.context);
    const next = await full('sync-2', history);

    expect([statusOf(next), transferredReferences(next), next.warnings]).toEqual(['nothing-to-do', [], []]);
  });

  it('causes an error if it cannot be saved, also after a complete transfer', async () => {
    const { container } = clouds.source;
    const closed = { ...container, replaceText: () => Promise.reject(new Error('read-only')) };
    const source = { ...clouds.source.services, container: () => Promise.resolve(closed) };
    const context = {
      ...clouds.context,
      connect: (side: 'source' | 'target') => (side === 'source' ? source : clouds.target.services),
    };
    const result = await runTransfer(fullRequest(LINES, syncChanges('sync-1', history)), context);

    expect([statusOf(result), ids(result)]).toEqual(['partial', ['ACRT9001']]);
    expect(result.batches.flatMap(({ artifacts }) => artifacts.map(({ outcome }) => outcome))).toEqual([
      'verified',
      'verified',
    ]);
  });
});

describe('receipts of an air gap', () => {
  it('reduce the next export to what is missing, without a connection between the clouds', async () => {
    const receipts = { kind: 'receipt', places: ['sync-1.receipt.json'] } as const;
    const first = apartRequests(LINES, syncChanges('sync-1', receipts));
    const exported = await runTransfer(first.export, clouds.context);
    await runTransfer(first.handoff, clouds.context);
    const intake = intakeOf('sync-1');
    await runTransfer({ ...fullRequest(LINES), mode: 'handoff', intake }, clouds.context);
    await runTransfer({ ...fullRequest(LINES), mode: 'import', intake }, clouds.context);
    clouds.source.registry.push('team/api', image('api 2'), 'v2');
    const second = await runTransfer(apartRequests(LINES, syncChanges('sync-2', receipts)).export, clouds.context);

    expect([transferredReferences(exported), transferredReferences(second)]).toEqual([
      ['team/api:v1', 'team/web:v1'],
      ['team/api:v2'],
    ]);
    expect(exported.warnings).toEqual([expect.stringContaining('neither a file nor a blob of this name')]);
  });

  it('confirm only what the current sync has checked', async () => {
    await full('sync-1', { kind: 'history' });
    await full('sync-2', { kind: 'history' });
    await full('sync-3', { kind: 'target' });
    const receiptOf = (name: string) =>
      readDocument(RECEIPT, clouds.written.get(`${name}.receipt.json`) ?? '', name).artifacts;

    expect(receiptOf('sync-2')).toEqual([]);
    // That sync transferred nothing, so it uploaded no documents that could count as the newest ones.
    expect(clouds.source.container.text('sync-2.receipt.json')).toBeNull();
    expect(receiptOf('sync-3').map(({ reference, outcome, blob }) => [reference, outcome, blob])).toEqual([
      ['team/api:v1', 'verified', null],
      ['team/web:v1', 'verified', null],
    ]);
  });
});

describe('the documents of a sync', () => {
  it('contain the reason and the referrers of every artifact', async () => {
    const signature = referrer('signature', api);
    clouds.source.registry.push('team/api', signature);
    clouds.source.registry.push('team/api', image('rc'), 'v2-rc1');
    clouds.source.registry.push('team/api', { ...image('windows'), foreign: [digestOf('base')] }, 'windows');
    clouds.target.registry.push('team/api', image('before'), 'v1');
    clouds.target.registry.push('team/web', arm);
    clouds.target.registry.push('team/web', multi, 'v1');
    const request = fullRequest([...LINES, '!**:*-rc*'], syncChanges('sync-1', { kind: 'target' }));
    const result = await runTransfer(request, clouds.context);
    const plan = readDocument(PLAN, clouds.written.get('plan.json') ?? '', 'plan');

    expect(plan).toMatchObject({
      incremental: 'target',
      target: pipelineOf('import').registryId,
      registry: result.from,
    });
    expect(plan.batches.flatMap(({ artifacts }) => artifacts)).toMatchObject([
      {
        reference: 'team/api:v1',
        referrers: [`team/api@${signature.digest}`],
        why: { reason: 'changed', was: digestOf('before'), line: 'line 1' },
      },
      { reference: `team/api@${signature.digest}`, subject: api.digest, why: { reason: 'new', was: null } },
    ]);
    expect(plan.leftOut.map(({ reference, why, failure }) => [reference, why.reason, failure]).sort()).toEqual([
      ['team/api:v2-rc1', 'excluded', null],
      ['team/api:windows', 'blocked', 'ACRT3012'],
      ['team/web:v1', 'present', null],
    ]);
    expect([statusOf(result), ids(result)]).toEqual(['partial', ['ACRT3012']]);
    expect(countOutcomes(result)).toEqual({ selected: 4, transferred: 2, skipped: 1, failed: 1 });
  });

  it('contain source and target', async () => {
    await full('sync-1', { kind: 'off' });
    const target = pipelineOf('import').registryId;
    const text = (name: string): string => clouds.source.container.text(name) ?? '';

    expect(readDocument(MANIFEST, text('sync-1.transfer.json'), 'm')).toMatchObject({ target });
    expect(readDocument(RECEIPT, text('sync-1.receipt.json'), 'r')).toMatchObject({
      registry: 'target.azurecr.us',
      registryId: target,
      source: 'source.azurecr.io',
    });
  });
});
