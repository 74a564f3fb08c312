import { beforeEach, describe, expect, it } from '@jest/globals';
import { readDocument } from '../../../src/transfer/documents/codec.ts';
import {
  MANIFEST,
  PLAN,
  RECEIPT,
  type ManifestDocument,
  type ReceiptDocument,
} from '../../../src/transfer/documents/schemas.ts';
import { statusOf, type TransferResult } from '../../../src/transfer/model/result.ts';
import type { TransferContext } from '../../../src/transfer/ports/context.ts';
import type { Manifest } from '../../../src/transfer/ports/registry.ts';
import { runTransfer } from '../../../src/transfer/run.ts';
import { image, index, requestsOf } from './ports/registry.fixture.ts';
import { apartRequests, fullRequest, pipelineFacts, twoClouds, type TwoClouds } from './ports/context.fixture.ts';

const LINES = ['team/api:v1', 'team/web:v1', 'team/multi:v1'];
const api = image('api');
const web = image('web');
const arm = image('arm');
const multi = index('multi', [web, arm]);

/** Two clouds. The source contains every selected artifact. */
function stocked(...weather: Parameters<typeof twoClouds>): TwoClouds {
  const clouds = twoClouds(...weather);
  const { registry } = clouds.source;
  registry.push('team/api', api, 'v1');
  registry.push('team/web', web, 'v1');
  for (const child of [web, arm]) registry.push('team/multi', child);
  registry.push('team/multi', multi, 'v1');
  return clouds;
}

const manifestIn = (text: string | null | undefined): ManifestDocument => readDocument(MANIFEST, text ?? '', 'test');
const receiptIn = (text: string | null | undefined): ReceiptDocument => readDocument(RECEIPT, text ?? '', 'test');
const outcomes = ({ batches }: TransferResult): string[] =>
  batches.flatMap(({ artifacts }) => artifacts.map(({ outcome }) => outcome));
const ids = ({ failures, batches }: TransferResult): string[] =>
  [...failures, ...batches.flatMap(({ failure }) => (failure === null ? [] : [failure]))].map(({ facts }) => facts.id);

let clouds: TwoClouds;

beforeEach(() => {
  clouds = stocked();
});

describe('mode full', () => {
  it('transfers and verifies every artifact, and writes all documents', async () => {
    const result = await runTransfer(fullRequest(LINES, { artifactsPerRun: 2 }), clouds.context);

    expect(result).toMatchObject({ failures: [], from: 'source.azurecr.io', to: 'target.azurecr.us', selected: 3 });
    expect(outcomes(result)).toEqual(['verified', 'verified', 'verified']);
    expect(statusOf(result)).toBe('succeeded');
    expect(await clouds.target.registry.manifest('team/multi', arm.digest)).toEqual(arm);
    expect(readDocument(PLAN, clouds.written.get('plan.json') ?? '', 'plan').batches).toHaveLength(2);
    expect(manifestIn(clouds.source.container.text('nightly.transfer.json')).batches).toHaveLength(2);
    expect(manifestIn(clouds.target.container.text('nightly.transfer.json')).batches).toHaveLength(2);
    expect(receiptIn(clouds.target.container.text('nightly.receipt.json')).artifacts).toHaveLength(3);
  });

  it('does nothing in a second attempt, and reports it', async () => {
    await runTransfer(fullRequest(LINES), clouds.context);
    const before = clouds.source.runs.started.length + clouds.target.runs.started.length;

    const again = await runTransfer(fullRequest(LINES), clouds.context);

    expect([outcomes(again), statusOf(again)]).toEqual([['present', 'present', 'present'], 'nothing-to-do']);
    expect(receiptIn(clouds.written.get('nightly.receipt.json')).artifacts[0]).toMatchObject({ outcome: 'verified' });
    expect(clouds.source.runs.started.length + clouds.target.runs.started.length).toBe(before);
  });

  it('keeps the transfer manifest complete if a second attempt has nothing to do', async () => {
    await runTransfer(fullRequest(LINES), clouds.context);
    const before = manifestIn(clouds.target.container.text('nightly.transfer.json')).batches;

    await runTransfer(fullRequest(LINES), clouds.context);

    expect(manifestIn(clouds.target.container.text('nightly.transfer.json')).batches).toEqual(before);
  });

  it('transfers an artifact again if it was deleted at the target', async () => {
    await runTransfer(fullRequest(LINES), clouds.context);
    clouds.target.registry.remove('team/api', 'v1');

    const again = await runTransfer(fullRequest(LINES), clouds.context);

    expect(outcomes(again)).toEqual(['verified', 'verified', 'verified']);
    expect(clouds.target.runs.started.map((order) => order.again)).toEqual([false, true]);
  });

  it('transfers an artifact again even if the import has deleted the blob', async () => {
    clouds = stocked({ deleteSourceBlob: true });
    await runTransfer(fullRequest(LINES), clouds.context);
    clouds.target.registry.remove('team/api', 'v1');

    expect(outcomes(await runTransfer(fullRequest(LINES), clouds.context))).toEqual([
      'verified',
      'verified',
      'verified',
    ]);
  });

  it('claims no verification if verification is off', async () => {
    const result = await runTransfer(fullRequest(LINES, { verify: false }), clouds.context);
    const { artifacts } = receiptIn(clouds.written.get('nightly.receipt.json'));

    expect(outcomes(result)).toEqual(['unverified', 'unverified', 'unverified']);
    expect(new Set(artifacts.map(({ outcome }) => outcome))).toEqual(new Set(['unverified']));
    expect(requestsOf(clouds.target.registry)['manifest']).toBeUndefined();
  });

  it('fails only the artifact that did not arrive', async () => {
    clouds = stocked({
      importing: (order) => {
        const bytes = clouds.source.container.text(order.blob) ?? '[]';
        const packed = JSON.parse(bytes) as { repository: string; tag: string; manifests: readonly Manifest[] }[];
        for (const { repository, tag, manifests } of packed.filter((item) => item.repository !== 'team/api'))
          for (const [index, manifest] of manifests.entries())
            clouds.target.registry.push(repository, manifest, index === 0 ? tag : undefined);
        return { kind: 'succeeded', importedArtifacts: [] };
      },
    });
    const result = await runTransfer(fullRequest(LINES), clouds.context);

    expect([outcomes(result), statusOf(result)]).toEqual([['failed', 'verified', 'verified'], 'partial']);
    expect(receiptIn(clouds.written.get('nightly.receipt.json')).artifacts[0]).toMatchObject({
      outcome: 'failed',
      failure: { id: 'ACRT6002' },
    });
  });

  it('reports the errors of both sides before it starts anything', async () => {
    const registryFacts = (): Promise<null> => Promise.resolve(null);
    clouds = stocked({ services: { source: { registryFacts }, target: { registryFacts } } });
    const result = await runTransfer(fullRequest(LINES), clouds.context);

    expect(ids(result)).toEqual(['ACRT3004', 'ACRT3004']);
    expect(result).toMatchObject({ selected: 3, batches: [], paths: {} });
    expect(clouds.source.runs.started).toEqual([]);
  });

  it('starts nothing if an artifact is missing', async () => {
    const result = await runTransfer(fullRequest([...LINES, 'team/none:v9']), clouds.context);

    expect([ids(result), statusOf(result)]).toEqual([['ACRT3005'], 'failed']);
    expect(clouds.source.runs.started).toEqual([]);
  });

  it('checks only what a plan needs in a dry run', async () => {
    clouds.source.registry.lock('team/api', 'v1', { readable: false });
    clouds.target.registry.push('team/web', image('other'), 'v1');
    const facts = pipelineFacts({ options: [] });
    const pipeline = (): Promise<typeof facts> => Promise.resolve(facts);
    const context: TransferContext = {
      ...clouds.context,
      connect: (side) => ({ ...clouds[side].services, pipeline }),
    };
    const planned = await runTransfer({ ...fullRequest(LINES), dryRun: true }, context);
    const stopped = await runTransfer(fullRequest(LINES), context);

    expect([ids(planned), planned.checks.filter(({ check }) => check === 'artifacts')]).toEqual([[], []]);
    expect(ids(stopped).toSorted()).toEqual(['ACRT3018', 'ACRT3031']);
  });

  it('reports an unexpected error as an internal error instead of throwing it', async () => {
    clouds = stocked({ services: { source: { runs: () => Promise.reject(new Error('surprise')) } } });

    expect(ids(await runTransfer(fullRequest(LINES), clouds.context))).toEqual(['ACRT9001']);
  });

  it('only warns if a document cannot be uploaded after the transfer', async () => {
    const { container } = clouds.target;
    const refuse = () => Promise.reject(new Error('read-only'));
    const closed = { ...container, writeText: refuse, replaceText: refuse };
    clouds = stocked({ services: { target: { container: () => Promise.resolve(closed) } } });
    const result = await runTransfer(fullRequest(['team/api:v1']), clouds.context);

    expect(result.warnings).toEqual([expect.stringContaining('read-only'), expect.stringContaining('read-only')]);
  });

  it('includes transferred artifacts in its result if a document cannot be saved on this runner', async () => {
    const written = clouds.written;
    const full = (name: string, text: string): Promise<string> => {
      if (name.endsWith('.transfer.json')) return Promise.reject(new Error('ENOSPC'));
      written.set(name, text);
      return Promise.resolve(name);
    };
    clouds = stocked({ files: { write: full } });
    const result = await runTransfer(fullRequest(LINES), clouds.context);

    expect([outcomes(result), ids(result)]).toEqual([['verified', 'verified', 'verified'], ['ACRT9001']]);
  });
});

describe('modes export, handoff and import', () => {
  it('transfer every artifact through files alone', async () => {
    const requests = apartRequests(LINES);

    const exported = await runTransfer(requests.export, clouds.context);
    const handedOff = await runTransfer(requests.handoff, clouds.context);
    const imported = await runTransfer(requests.import, clouds.context);

    expect([exported, handedOff, imported].map(outcomes)).toEqual([
      ['exported', 'exported', 'exported'],
      ['handed-off', 'handed-off', 'handed-off'],
      ['verified', 'verified', 'verified'],
    ]);
    expect(clouds.target.container.text('nightly.transfer.json')).toBe(
      clouds.source.container.text('nightly.transfer.json'),
    );
    const received = receiptIn(clouds.written.get('nightly.receipt.json')).artifacts.map(({ digest }) => digest);
    expect(new Set(received)).toEqual(new Set([api.digest, web.digest, multi.digest]));
  });

  it('import nothing again if all artifacts are present', async () => {
    const requests = apartRequests(LINES);
    await runTransfer(requests.export, clouds.context);
    await runTransfer(requests.handoff, clouds.context);
    for (let attempt = 0; attempt < 2; attempt += 1) await runTransfer(requests.import, clouds.context);

    expect(clouds.target.runs.started.map(({ again }) => again)).toEqual([false]);
    // Each attempt verifies once.
    expect(requestsOf(clouds.target.registry)['manifest']).toBe(2 * (LINES.length + multi.children.length));
  });

  it('skip artifacts that are up to date in a second attempt', async () => {
    const requests = apartRequests(LINES);
    for (const mode of ['export', 'handoff', 'import'] as const) {
      await runTransfer(requests[mode], clouds.context);
      const again = await runTransfer(requests[mode], clouds.context);

      expect([outcomes(again), statusOf(again)]).toEqual([['present', 'present', 'present'], 'nothing-to-do']);
    }
  });

  it('export the complete manifest again in a second attempt', async () => {
    const { export: request } = apartRequests(LINES);
    await runTransfer(request, clouds.context);
    const before = manifestIn(clouds.written.get('nightly.transfer.json')).batches;
    await runTransfer(request, clouds.context);

    expect(manifestIn(clouds.written.get('nightly.transfer.json')).batches).toEqual(before);
  });

  it('list only batches with a blob in the manifest', async () => {
    clouds = stocked({
      exporting: (order) =>
        order.kind === 'export' && order.artifacts.includes('team/web:v1') ? { kind: 'failed', reason: 'no' } : null,
    });
    const { export: request } = apartRequests(LINES, { artifactsPerRun: 1 });
    const result = await runTransfer(request, clouds.context);

    const { batches } = manifestIn(clouds.source.container.text('nightly.transfer.json'));
    expect(batches.flatMap(({ artifacts }) => artifacts.map(({ reference }) => reference))).toEqual([
      'team/api:v1',
      'team/multi:v1',
    ]);
    expect([statusOf(result), ids(result)]).toEqual(['partial', ['ACRT4001']]);
  });

  it('fail an export whose manifest cannot be uploaded', async () => {
    const { container } = clouds.source;
    const closed = { ...container, writeText: () => Promise.reject(new Error('read-only')) };
    clouds = stocked({ services: { source: { container: () => Promise.resolve(closed) } } });
    const result = await runTransfer(apartRequests(['team/api:v1']).export, clouds.context);

    expect(result.failures).toHaveLength(1);
  });

  it.each(['handoff', 'import'] as const)('cannot %s without a manifest', async (mode) => {
    expect(ids(await runTransfer(apartRequests(LINES)[mode], clouds.context))).toEqual(['ACRT7001']);
  });

  it('import nothing from a blob that differs from the manifest', async () => {
    const requests = apartRequests(LINES);
    await runTransfer(requests.export, clouds.context);
    await runTransfer(requests.handoff, clouds.context);
    const { blob } = manifestIn(clouds.written.get('nightly.transfer.json')).batches[0]!;
    clouds.target.container.put(blob.name, Buffer.from('[]'));

    expect(ids(await runTransfer(requests.import, clouds.context))).toEqual(['ACRT5002']);
    expect(clouds.target.runs.started).toEqual([]);
  });
});
