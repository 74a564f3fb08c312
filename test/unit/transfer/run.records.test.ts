/** The records of a step that fails after its batches, and their use by the next step. */
import { describe, expect, it } from '@jest/globals';
import { readDocument } from '../../../src/transfer/documents/codec.ts';
import { HISTORY, MANIFEST, RECEIPT } from '../../../src/transfer/documents/schemas.ts';
import { transferError } from '../../../src/transfer/errors/transfer-error.ts';
import { allErrors, statusOf, type TransferResult } from '../../../src/transfer/model/result.ts';
import type { BlobContainer } from '../../../src/transfer/ports/blob-container.ts';
import type { TransferContext } from '../../../src/transfer/ports/context.ts';
import { runTransfer } from '../../../src/transfer/run.ts';
import { apartRequests, fullRequest, twoClouds, type TwoClouds, type Weather } from './ports/context.fixture.ts';
import { image, index } from './ports/registry.fixture.ts';

const LINES = ['team/api:v1', 'team/web:v1'];
const HISTORY_OF = { incremental: { kind: 'history' } } as const;

function stocked(weather: Weather = {}): TwoClouds {
  const clouds = twoClouds(weather);
  clouds.source.registry.push('team/api', image('api'), 'v1');
  clouds.source.registry.push('team/web', image('web'), 'v1');
  return clouds;
}

/** The same clouds with another source container. */
const withSource = ({ context, source, target }: TwoClouds, changes: Partial<BlobContainer>): TransferContext => {
  const services = { ...source.services, container: () => Promise.resolve({ ...source.container, ...changes }) };
  return { ...context, connect: (side) => (side === 'source' ? services : target.services) };
};

const ids = (result: TransferResult): string[] => allErrors(result).map(({ facts }) => facts.id);
const outcomes = ({ batches }: TransferResult): string[] =>
  batches.flatMap(({ artifacts }) => artifacts.map(({ outcome }) => outcome));
const isManifest = (name: string): boolean => name.endsWith('.transfer.json');
const storageError = (blob: string): Error =>
  transferError('ACRT5005', { container: 'https://source/transfer', blob, reason: 'ServerBusy' });

describe('a storage error while the earlier manifest is read', () => {
  const exporting = apartRequests(LINES, HISTORY_OF).export;

  it('B1: ends an export before its first run', async () => {
    const clouds = stocked();
    const readText = (name: string): Promise<string | null> =>
      isManifest(name) ? Promise.reject(storageError(name)) : clouds.source.container.readText(name);
    const result = await runTransfer(exporting, withSource(clouds, { readText }));

    expect([ids(result), result.batches, clouds.source.runs.started]).toEqual([['ACRT5005'], [], []]);
  });

  it('B1: does not lose the manifest and the history of exported batches', async () => {
    const clouds = stocked();
    await runTransfer(exporting, clouds.context);
    clouds.source.registry.push('team/web', image('web 2'), 'v1');
    const readText = (name: string): Promise<string | null> =>
      isManifest(name) && clouds.source.runs.started.length > 1
        ? Promise.reject(storageError(name))
        : clouds.source.container.readText(name);
    const result = await runTransfer(exporting, withSource(clouds, { readText }));
    const { container } = clouds.source;
    const manifest = readDocument(MANIFEST, container.text('nightly.transfer.json') ?? '', 'manifest');
    const history = [...container.blobs.keys()].find((name) => name.endsWith('.history.json')) ?? '';

    expect([ids(result), outcomes(result)]).toEqual([[], ['exported']]);
    expect(manifest.batches).toHaveLength(2);
    expect(readDocument(HISTORY, container.text(history) ?? '', history).artifacts).toContainEqual(
      expect.objectContaining({ reference: 'team/web:v1', digest: image('web 2').digest }),
    );
  });
});

describe('an error after the batches', () => {
  it('B1: keeps the results of the batches', async () => {
    const clouds = stocked();
    const context: TransferContext = {
      ...clouds.context,
      get provenance(): null {
        if (clouds.target.runs.started.length > 0) throw storageError('any');
        return null;
      },
    };
    const result = await runTransfer(fullRequest(LINES), context);

    expect([ids(result), outcomes(result), statusOf(result)]).toEqual([
      ['ACRT5005'],
      ['verified', 'verified'],
      'partial',
    ]);
    expect(result).toMatchObject({ from: 'source.azurecr.io', to: 'target.azurecr.us', selected: 2 });
  });
});

describe('the receipt of a transfer that replaces an earlier one of the same name', () => {
  const entries = ({ source }: TwoClouds) =>
    readDocument(RECEIPT, source.container.text('nightly.receipt.json') ?? '', 'receipt').artifacts;

  it('B8: includes the earlier artifacts if an approved plan is executed', async () => {
    const clouds = stocked();
    const lines = ['team/*:*'];
    const receipts = { incremental: { kind: 'receipt', places: [] } } as const;
    const child = image('child');
    clouds.source.registry.push('team/multi', child);
    clouds.source.registry.push('team/multi', index('multi', [child]), 'v1');
    await runTransfer(fullRequest(lines, receipts), clouds.context);
    clouds.source.registry.push('team/api', image('api 2'), 'v2');
    await runTransfer({ ...fullRequest(lines, receipts), dryRun: true }, clouds.context);
    const order = { kind: 'approved', place: 'plan.json', onDrift: 'stop', shard: null } as const;
    const applied = await runTransfer({ ...fullRequest(lines), order }, clouds.context);

    expect([ids(applied), outcomes(applied)]).toEqual([[], ['verified']]);
    expect(
      entries(clouds)
        .map(({ reference, outcome }) => [reference, outcome])
        .sort(),
    ).toEqual([
      ['team/api:v1', 'verified'],
      ['team/api:v2', 'verified'],
      ['team/multi:v1', 'verified'],
      ['team/web:v1', 'verified'],
    ]);
    expect(entries(clouds).find(({ reference }) => reference === 'team/multi:v1')?.children).toEqual([child.digest]);
    expect(statusOf(await runTransfer(fullRequest(lines, receipts), clouds.context))).toBe('nothing-to-do');
  });

  it('B15: includes what another step of the same workflow run transferred', async () => {
    const clouds = stocked();
    const run = 'https://github.com/contoso/shop/actions/runs/1/attempts/1';
    const provenance = { repository: 'contoso/shop', commit: 'c', workflow: 'w', actor: 'a', run };
    const context = { ...clouds.context, provenance };
    await runTransfer(fullRequest(LINES.slice(0, 1)), context);
    const second = await runTransfer(fullRequest(LINES.slice(1)), context);

    expect(ids(second)).toEqual([]);
    expect(
      entries(clouds)
        .map(({ reference }) => reference)
        .sort(),
    ).toEqual(LINES);
  });
});

describe('a nightly export with a history, whose import deletes the blobs', () => {
  it('B11: copies every blob once', async () => {
    const clouds = stocked({ deleteSourceBlob: true });
    const sync = async (lines: readonly string[]) => {
      const requests = apartRequests(lines, HISTORY_OF);
      await runTransfer(requests.export, clouds.context);
      const handedOff = await runTransfer(requests.handoff, clouds.context);
      const imported = await runTransfer(requests.import, clouds.context);
      return {
        handedOff: outcomes(handedOff),
        imported: outcomes(imported),
        ids: [...ids(handedOff), ...ids(imported)],
      };
    };
    expect(await sync(LINES.slice(0, 1))).toEqual({ handedOff: ['handed-off'], imported: ['verified'], ids: [] });
    expect(await sync(LINES)).toEqual({
      handedOff: ['handed-off', 'present'],
      imported: ['verified', 'present'],
      ids: [],
    });
    expect([...clouds.target.container.blobs.keys()].filter((name) => name.endsWith('.tar'))).toEqual([]);
  });

  it('B11: copies a blob again if its artifacts have not all arrived', async () => {
    const clouds = stocked({ deleteSourceBlob: true });
    const requests = apartRequests(LINES, HISTORY_OF);
    await runTransfer(requests.export, clouds.context);
    await runTransfer(requests.handoff, clouds.context);
    await runTransfer(requests.import, clouds.context);
    clouds.target.registry.remove('team/web', 'v1');
    await runTransfer(requests.import, clouds.context);
    const handedOff = await runTransfer(requests.handoff, clouds.context);
    const imported = await runTransfer(requests.import, clouds.context);

    expect([outcomes(handedOff), outcomes(imported), ids(imported)]).toEqual([
      ['handed-off', 'handed-off'],
      ['verified', 'verified'],
      [],
    ]);
  });
});

describe('the plan file', () => {
  it.each([true, false])(
    'B17: ends the step before its first run if it cannot be saved (dry run: %s)',
    async (dryRun) => {
      const clouds = stocked({ files: { write: () => Promise.reject(new Error('disk full')) } });
      const result = await runTransfer({ ...fullRequest(LINES), dryRun }, clouds.context);

      expect([ids(result), statusOf(result), clouds.source.runs.started]).toEqual([['ACRT9001'], 'failed', []]);
    },
  );
});

describe('the manifest of a second attempt', () => {
  it('B19: does not list verified artifacts as missing after a cleanup of their blob', async () => {
    const clouds = stocked();
    await runTransfer(fullRequest(LINES), clouds.context);
    for (const name of [...clouds.source.container.blobs.keys()])
      if (name.endsWith('.tar')) clouds.source.container.blobs.delete(name);
    const again = await runTransfer(fullRequest(LINES), clouds.context);
    const manifest = readDocument(MANIFEST, clouds.written.get('nightly.transfer.json') ?? '', 'manifest');

    expect([outcomes(again), manifest.missing]).toEqual([['present', 'present'], []]);
  });
});
