import { expect, it } from '@jest/globals';
import { PLAN, RECEIPT } from '../../src/transfer/documents/schemas.ts';
import { helmChart, multiArchImage, sbom, signature } from '../sandbox/content/index.ts';
import { repeatsNothing } from '../e2e/cases/again.ts';
import { namesAllThatIsMissing } from '../e2e/cases/missing.ts';
import { documentAt, outcomesOf, shownIds, smallImage } from '../e2e/place.ts';
import { describeLive } from './live.fixture.ts';

describeLive('a full transfer', (place) => {
  it('transfers an index, a chart, a signature and an SBOM, each with its digest', async () => {
    const { named, push, attach, both, step, digest } = place();
    const { repository, transfer } = named('full/app');
    const chart = named('full/chart').repository;
    const image = await multiArchImage({ seed: transfer });
    await push('source', repository, { v1: image });
    await push('source', chart, { '1.0.0': await helmChart('app', '1.0.0') });
    const referrers = [
      await attach('source', repository, 'v1', (subject) => signature(subject, repository)),
      await attach('source', repository, 'v1', (subject) => sbom(subject, 'app')),
    ];
    const result = await step({ ...both, artifacts: `${repository}:v1\n${chart}:1.0.0`, 'transfer-name': transfer });
    expect(shownIds(result)).toEqual([]);
    expect(result.exitCode).toBe(0);
    expect(result.outputs).toMatchObject({ status: 'succeeded', selected: '4', transferred: '4', failed: '0' });
    expect(Object.values(outcomesOf(result))).toEqual(['verified', 'verified', 'verified', 'verified']);
    const receipt = documentAt(RECEIPT, result.outputs['receipt']);
    expect(receipt.artifacts.map((artifact) => artifact.digest)).toEqual(expect.arrayContaining(referrers));

    expect(await digest('target', repository, 'v1')).toBe(image.manifest.digest);
    expect(await digest('target', chart, '1.0.0')).toBe(await digest('source', chart, '1.0.0'));
    const parts = [...image.children.map(({ manifest }) => manifest.digest), ...referrers];
    expect(await Promise.all(parts.map((part) => digest('target', repository, part)))).toEqual(parts);
  });

  it('transfers only what is new, and nothing if nothing is new', async () => {
    const { named, push, both, step, blobs } = place();
    const { repository, transfer } = named('nightly');
    const sync = (count: number) =>
      step({ ...both, artifacts: `${repository}:*`, incremental: 'target', 'transfer-name': `${transfer}-${count}` });
    await push('source', repository, { v1: await smallImage(`${transfer} 1`) });
    expect((await sync(1)).outputs).toMatchObject({ status: 'succeeded', transferred: '1', skipped: '0' });
    await push('source', repository, { v2: await smallImage(`${transfer} 2`) });
    expect((await sync(2)).outputs).toMatchObject({ status: 'succeeded', transferred: '1', skipped: '1' });
    const quiet = await sync(3);
    expect(quiet.exitCode).toBe(0);
    expect(quiet.outputs).toMatchObject({ status: 'nothing-to-do', changed: 'false', selected: '2', skipped: '2' });
    expect((await blobs('target')).filter((name) => name.startsWith(`${transfer}-3-`))).toEqual([]);
  });

  it('repeats nothing in a second attempt', async () => {
    await repeatsNothing(place());
  });

  it('writes nothing in a dry run', async () => {
    const { named, push, both, step, blobs, digest } = place();
    const { repository, transfer } = named('dry');
    const artifact = await smallImage(transfer);
    const [line = ''] = await push('source', repository, { v1: artifact });
    const result = await step({ ...both, artifacts: line, 'transfer-name': transfer, 'dry-run': 'true' });
    expect(shownIds(result)).toEqual([]);
    expect(result.outputs).toMatchObject({ status: 'succeeded', changed: 'false', transferred: '0' });
    const [batch] = documentAt(PLAN, result.outputs['plan']).batches;
    expect(batch?.artifacts[0]?.digest).toBe(artifact.manifest.digest);
    const all = [...(await blobs('source')), ...(await blobs('target'))];
    expect(all.filter((name) => name.startsWith(transfer))).toEqual([]);
    expect(await digest('target', repository, 'v1')).toBeNull();
  });

  it('names every missing tag, digest and repository, and fails', async () => {
    await namesAllThatIsMissing(place());
  });
});
