import { describe, expect, it } from '@jest/globals';
import { runName } from '../../../../src/transfer/model/artifact.ts';
import { statusOf } from '../../../../src/transfer/model/result.ts';
import type { RunState } from '../../../../src/transfer/ports/pipelines.ts';
import { runTransfer } from '../../../../src/transfer/run.ts';
import { md5Of } from '../ports/blob-container.fixture.ts';
import { image } from '../ports/registry.fixture.ts';
import { runAt } from '../ports/pipelines.fixture.ts';
import { apartRequests, pipelineOf, twoClouds, type TwoClouds } from '../ports/context.fixture.ts';
import { artifacts, byName, errorIds, handedOff, LINES } from './batch.fixture.ts';

describe('export with max-blob-size', () => {
  const LIMIT = 1_000_000;

  it.each([
    { name: 'keeps a blob of exactly this size', size: LIMIT, ids: [undefined] },
    { name: 'refuses a blob that is one byte larger', size: LIMIT + 1, ids: ['ACRT5007'] },
  ])('$name', async ({ size, ids }) => {
    const clouds: TwoClouds = twoClouds({
      exporting: ({ blob }) => {
        clouds.source.container.put(blob, Buffer.from('packed'), { size });
        return { kind: 'succeeded', importedArtifacts: [] };
      },
    });
    clouds.source.registry.push('team/api', image('api'), 'v1');
    const request = apartRequests(['team/api:v1'], { maxBlobBytes: LIMIT }).export;

    expect(errorIds(await runTransfer(request, clouds.context))).toEqual(ids);
  });
});

describe('import by names alone', () => {
  it('looks up the artifacts that the service reports as imported, and claims no verification', async () => {
    const { clouds, blobs, importing } = await handedOff();
    const result = await runTransfer(byName(importing, blobs), clouds.context);

    expect(artifacts(result)).toEqual(LINES.map((line) => [line, 'unverified']));
    expect(result.batches[0]?.artifacts[0]?.digest).toBe(image('api').digest);
  });

  it('returns the artifacts of a finished run in a second attempt too', async () => {
    const { clouds, blobs, importing } = await handedOff();
    await runTransfer(byName(importing, blobs), clouds.context);
    const again = await runTransfer(byName(importing, blobs), clouds.context);

    expect(artifacts(again).map(([reference]) => reference)).toEqual(LINES);
    expect(clouds.target.runs.started).toHaveLength(1);
  });

  it('fails if an artifact is missing that the service reports as imported', async () => {
    const importedArtifacts = ['team/api:v1', 'team/ghost:v1'];
    const { clouds, blobs, importing } = await handedOff({
      importing: () => ({ kind: 'succeeded', importedArtifacts }),
    });
    clouds.target.registry.push('team/api', image('api'), 'v1');
    const result = await runTransfer(byName(importing, blobs), clouds.context);

    expect(artifacts(result)).toEqual([
      ['team/api:v1', 'unverified'],
      ['team/ghost:v1', 'failed'],
    ]);
    expect(statusOf(result)).toBe('partial');
  });

  it('fails if the blob does not exist', async () => {
    const { clouds, importing } = await handedOff();

    expect(errorIds(await runTransfer(byName(importing, ['none.tar']), clouds.context))).toEqual(['ACRT4001']);
  });
});

describe('import with a manifest', () => {
  it.each([
    { name: 'verified', verify: true, outcome: 'present' },
    { name: 'without verification', verify: false, outcome: 'present-unverified' },
  ])('is not repeated after the import has deleted its blob, $name', async ({ verify, outcome }) => {
    const { clouds, importing } = await handedOff({ deleteSourceBlob: true }, { verify });
    await runTransfer(importing, clouds.context);
    const again = await runTransfer(importing, clouds.context);

    expect(artifacts(again)).toEqual(LINES.map((line) => [line, outcome]));
    expect(clouds.target.runs.started).toHaveLength(1);
  });

  it('counts nothing as transferred if a second attempt imports nothing', async () => {
    const { clouds, importing } = await handedOff({}, { verify: false });
    await runTransfer(importing, clouds.context);
    const again = await runTransfer(importing, clouds.context);

    expect(statusOf(again)).toBe('nothing-to-do');
  });

  it('attaches to a run of another attempt', async () => {
    const { clouds, blobs, importing } = await handedOff({ looks: 5 });
    const blob = blobs[0]!;
    const name = runName('import', pipelineOf('import').resourceId, blob);
    await clouds.target.runs.start(name, { kind: 'import', blob }, false);

    expect(artifacts(await runTransfer(importing, clouds.context))).toEqual(LINES.map((line) => [line, 'verified']));
    expect(clouds.target.runs.started).toHaveLength(1);
  });
});

describe('import of a blob that differs from the manifest', () => {
  const otherMd5 = md5Of('other');

  it.each([
    { name: 'another size', facts: { size: 1 } },
    { name: 'another MD5', facts: { md5: otherMd5 } },
    { name: 'no MD5', facts: { md5: null } },
  ])('starts no run: $name', async ({ facts }) => {
    const { clouds, blobs, importing } = await handedOff();
    const [blob = ''] = blobs;
    const there = clouds.target.container.blobs.get(blob)!;
    clouds.target.container.put(blob, there.bytes, { ...there.facts, ...facts });
    const result = await runTransfer(importing, clouds.context);

    expect([errorIds(result), artifacts(result)]).toEqual([['ACRT5002'], LINES.map((line) => [line, 'failed'])]);
    expect(clouds.target.runs.started).toEqual([]);
  });

  it('starts no run, although an earlier attempt imported the correct blob', async () => {
    const { clouds, blobs, importing } = await handedOff();
    await runTransfer(importing, clouds.context);
    clouds.target.registry.push('team/api', image('overwritten'), 'v1');
    clouds.target.container.put(blobs[0]!, Buffer.from('[]'));

    expect(errorIds(await runTransfer(importing, clouds.context))).toEqual(['ACRT5002']);
    expect(clouds.target.runs.started).toHaveLength(1);
  });

  it('does not wait for the source trigger to import it', async () => {
    const { clouds, blobs, importing } = await handedOff({}, { importBy: 'trigger' });
    clouds.target.container.put(blobs[0]!, Buffer.from('[]'), { metadata: { category: 'acr-transfer-blob' } });

    expect(errorIds(await runTransfer(importing, clouds.context))).toEqual(['ACRT5002']);
  });

  it.each([null, md5Of('the same')])('imports by name again if only the ETag of the blob differs: %s', async (md5) => {
    const { clouds, blobs, importing } = await handedOff();
    const [blob = ''] = blobs;
    const { bytes } = clouds.target.container.blobs.get(blob)!;
    clouds.target.container.put(blob, bytes, { md5, etag: '"first"' });
    await runTransfer(byName(importing, blobs), clouds.context);
    await runTransfer(byName(importing, blobs), clouds.context);
    clouds.target.container.put(blob, bytes, { md5, etag: '"second"' });
    await runTransfer(byName(importing, blobs), clouds.context);

    expect(clouds.target.runs.started).toHaveLength(2);
  });
});

describe('a pipeline that imports other artifacts than those in the manifest', () => {
  const something: RunState = { kind: 'succeeded', importedArtifacts: LINES };

  it.each([
    { name: 'another artifact under the same tag', brings: 'other', id: 'ACRT6001' },
    { name: 'nothing', brings: null, id: 'ACRT6002' },
  ])('fails verification: $name', async ({ brings, id }) => {
    const { clouds, importing } = await handedOff({
      importing: () => {
        clouds.target.registry.push('team/web', image('web'), 'v1');
        if (brings !== null) clouds.target.registry.push('team/api', image(brings), 'v1');
        return something;
      },
    });
    const result = await runTransfer(importing, clouds.context);

    expect(artifacts(result)).toEqual([
      ['team/api:v1', 'failed'],
      ['team/web:v1', 'verified'],
    ]);
    expect(result.batches[0]?.artifacts[0]?.failure?.facts.id).toBe(id);
    expect(statusOf(result)).toBe('partial');
  });
});

describe('a target blob that differs from the manifest', () => {
  const CATEGORY = { metadata: { category: 'acr-transfer-blob' } };

  it.each(['run', 'trigger'] as const)('is not imported: %s', async (importBy) => {
    const { clouds, blobs, importing } = await handedOff({}, { importBy });
    clouds.target.container.put(blobs[0]!, Buffer.from('something else'), CATEGORY);

    expect(errorIds(await runTransfer(importing, clouds.context))).toEqual(['ACRT5002']);
    expect(clouds.target.runs.started).toEqual([]);
  });

  it('is not imported if only its size is the same', async () => {
    const { clouds, blobs, importing } = await handedOff();
    const blob = clouds.target.container.blobs.get(blobs[0]!)!;
    clouds.target.container.put(blobs[0]!, Buffer.alloc(blob.bytes.length), CATEGORY);

    expect(errorIds(await runTransfer(importing, clouds.context))).toEqual(['ACRT5002']);
    expect(clouds.target.runs.started).toEqual([]);
  });

  it('is not imported after the artifacts of an earlier import were deleted', async () => {
    const { clouds, blobs, importing } = await handedOff();
    await runTransfer(importing, clouds.context);
    clouds.target.registry.remove('team/api', 'v1');
    clouds.target.container.put(blobs[0]!, Buffer.from('something else'), CATEGORY);

    expect(errorIds(await runTransfer(importing, clouds.context))).toEqual(['ACRT5002']);
    expect(clouds.target.runs.started).toHaveLength(1);
  });

  it('causes an error before a run starts if it is missing', async () => {
    const { clouds, blobs, importing } = await handedOff();
    clouds.target.container.blobs.delete(blobs[0]!);

    expect(errorIds(await runTransfer(importing, clouds.context))).toEqual(['ACRT5001']);
    expect(clouds.target.runs.started).toEqual([]);
  });
});

describe('import by trigger', () => {
  const trigger = { importBy: 'trigger' } as const;

  /** The pipeline's trigger imports a blob as soon as it arrives. */
  function fire(clouds: TwoClouds, blob: string): void {
    const packed = clouds.target.container.text(blob);
    for (const line of LINES) {
      const [repository = '', tag] = line.split(':');
      clouds.target.registry.push(repository, image(repository.slice('team/'.length)), tag);
    }
    expect(packed).not.toBeNull();
    clouds.target.runs.add(runAt('trigger_1', { kind: 'succeeded', importedArtifacts: LINES }, blob));
  }

  it('polls the run of the trigger, and starts none', async () => {
    const { clouds, blobs, importing } = await handedOff({}, trigger);
    fire(clouds, blobs[0]!);

    expect(artifacts(await runTransfer(importing, clouds.context))).toEqual(LINES.map((line) => [line, 'verified']));
    expect(clouds.target.runs.started).toEqual([]);
  });

  it('succeeds if the trigger was faster and has deleted the blob', async () => {
    const { clouds, blobs, importing } = await handedOff({}, trigger);
    fire(clouds, blobs[0]!);
    clouds.target.container.blobs.delete(blobs[0]!);
    const result = await runTransfer(importing, clouds.context);

    expect([artifacts(result), errorIds(result)]).toEqual([LINES.map((line) => [line, 'verified']), [undefined]]);
  });
});
