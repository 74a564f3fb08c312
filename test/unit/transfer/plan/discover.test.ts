import { describe, expect, it } from '@jest/globals';
import { discoverRepository, type RepositoryPlan } from '../../../../src/transfer/plan/discover.ts';
import { referrerTag, image, index, readOf, referrer, requestsOf } from '../ports/registry.fixture.ts';
import { inputOf, byDigest, reasonsOf, REPOSITORY, twoRegistries, type Registries } from './discover.fixture.ts';

const one = image('one');
const two = image('two');
const arm = image('arm');
const amd = image('amd');
const multi = index('multi', [arm, amd]);

const ALL = ['team/api:*'];

const discover = (
  registries: Registries,
  lines: readonly string[] = ALL,
  changes: Parameters<typeof inputOf>[2] = {},
): Promise<RepositoryPlan> => discoverRepository(REPOSITORY, inputOf(registries, lines, changes));

describe('an unchanged repository', () => {
  it('needs one listing on each side, and no read of a manifest', async () => {
    const signature = referrer('signature', one);
    const registries = twoRegistries([one, 'v1'], [two, 'v2'], [arm], [amd], [multi, 'multi'], [signature]);
    const { toTransfer, skipped } = await discover(registries);

    expect(toTransfer).toEqual([]);
    expect(reasonsOf(skipped)).toEqual({
      'team/api:v1': 'present',
      'team/api:v2': 'present',
      'team/api:multi': 'present',
    });
    expect([requestsOf(registries.source), requestsOf(registries.target)]).toEqual([
      { manifests: 1 },
      { manifests: 1 },
    ]);
  });

  it('needs the times of tags only if a line does', async () => {
    const registries = twoRegistries([one, 'v1']);
    await discover(registries, ['team/api:* newest=1']);

    expect(requestsOf(registries.source)).toEqual({ manifests: 1, tags: 1 });
  });

  it('needs no read for signatures that are tags', async () => {
    const registries = twoRegistries([one, 'v1'], [image('sig'), referrerTag(one)]);
    await discover(registries);

    expect(requestsOf(registries.source)).toEqual({ manifests: 1 });
  });

  it('ignores the signature of a deleted artifact', async () => {
    const registries = twoRegistries([one, 'v1'], [arm], [amd], [multi, 'multi']);
    registries.source.push(REPOSITORY, image('orphan'), referrerTag(image('deleted')));
    const { toTransfer } = await discover(registries);

    expect(toTransfer).toEqual([]);
    expect(requestsOf(registries.source)).toEqual({ manifests: 1 });
  });
});

describe('an artifact to transfer', () => {
  it('is new, and no other manifest is read', async () => {
    const registries = twoRegistries([one, 'v1']);
    registries.source.push(REPOSITORY, two, 'v2');
    const { toTransfer } = await discover(registries);

    expect(reasonsOf(toTransfer)).toEqual({ 'team/api:v2': 'new' });
    expect(readOf(registries.source)).toEqual([two.digest]);
  });

  it('has a tag that moved, with its earlier digest', async () => {
    const registries = twoRegistries([one, 'v1']);
    registries.source.push(REPOSITORY, two, 'v1');
    const { toTransfer } = await discover(registries);

    expect(toTransfer).toMatchObject([{ digest: two.digest, reason: { kind: 'changed', was: one.digest } }]);
  });

  it('has a new tag of a digest that is at the target', async () => {
    const registries = twoRegistries([one, 'v1']);
    registries.source.push(REPOSITORY, one, 'latest');

    expect(reasonsOf((await discover(registries)).toTransfer)).toEqual({ 'team/api:latest': 'new' });
  });

  it('is every selected artifact without a baseline', async () => {
    const registries = twoRegistries([one, 'v1']);
    const { toTransfer } = await discover(registries, ALL, { baseline: null });

    expect(toTransfer).toMatchObject([{ digest: one.digest, reason: { kind: 'selected' }, where: 'line 1' }]);
    expect(requestsOf(registries.target)).toEqual({});
  });

  it('is read once for all tags of a digest', async () => {
    const registries = twoRegistries();
    for (const tag of ['v1', 'v1.0', 'latest']) registries.source.push(REPOSITORY, one, tag);
    const { toTransfer } = await discover(registries);

    expect(toTransfer.map(({ root }) => root)).toEqual([byDigest(one), byDigest(one), byDigest(one)]);
    expect(readOf(registries.source)).toEqual([one.digest]);
  });

  it('is named by its digest', async () => {
    const registries = twoRegistries([one]);
    registries.source.push(REPOSITORY, two);
    const { toTransfer, skipped } = await discover(registries, [byDigest(one), byDigest(two)]);

    expect(reasonsOf(toTransfer)).toEqual({ [byDigest(two)]: 'new' });
    expect(reasonsOf(skipped)).toEqual({ [byDigest(one)]: 'present' });
  });

  it('is an index that lacks a child at the target', async () => {
    const registries = twoRegistries([one, 'v1'], [arm], [amd], [multi, 'multi']);
    registries.target.remove(REPOSITORY, amd.digest);
    const { toTransfer } = await discover(registries);

    expect(toTransfer).toMatchObject([{ digest: multi.digest, reason: { kind: 'incomplete', missing: 1 } }]);
  });

  it('is not an untagged manifest without a subject, although it is read', async () => {
    const registries = twoRegistries([one, 'v1']);
    registries.source.push(REPOSITORY, two);
    const { toTransfer, skipped } = await discover(registries);

    expect([toTransfer, reasonsOf(skipped)]).toEqual([[], { 'team/api:v1': 'present' }]);
    expect(readOf(registries.source)).toEqual([two.digest]);
  });

  it("is an error if it is an index with a child that doesn't exist", async () => {
    const registries = twoRegistries();
    registries.source.push(REPOSITORY, arm);
    registries.source.push(REPOSITORY, multi, 'multi');
    const { failures } = await discover(registries);

    expect(failures.map(({ facts }) => facts.id)).toEqual(['ACRT6003']);
  });
});

describe('a skipped artifact', () => {
  it('is excluded by a line with !', async () => {
    const registries = twoRegistries();
    registries.source.push(REPOSITORY, one, 'v1');
    registries.source.push(REPOSITORY, two, 'v2-rc1');
    const { toTransfer, skipped } = await discover(registries, [...ALL, '!team/api:*-rc*']);

    expect(reasonsOf(toTransfer)).toEqual({ 'team/api:v1': 'new' });
    expect(skipped).toMatchObject([{ digest: two.digest, reason: { kind: 'excluded', by: 'line 2' } }]);
  });

  it('was deleted at the source and would be selected', async () => {
    const registries = twoRegistries([one, 'v1'], [two, 'v2'], [arm, 'other']);
    for (const tag of ['v1', 'other']) registries.source.remove(REPOSITORY, tag);
    const { skipped } = await discover(registries, ['team/api:v*']);

    expect(reasonsOf(skipped)).toEqual({ 'team/api:v2': 'present', 'team/api:v1': 'deleted' });
  });

  it('was deleted with its whole repository', async () => {
    const registries = twoRegistries();
    registries.target.push(REPOSITORY, one, 'v1');
    const { exists, skipped } = await discover(registries);

    expect([exists, reasonsOf(skipped)]).toEqual([false, { 'team/api:v1': 'deleted' }]);
  });
});

describe('a referrer', () => {
  const signature = referrer('signature', one);

  it('is transferred with its subject, with the same root', async () => {
    const registries = twoRegistries();
    registries.source.push(REPOSITORY, one, 'v1');
    registries.source.push(REPOSITORY, signature);
    const { toTransfer } = await discover(registries);

    expect(reasonsOf(toTransfer)).toEqual({ 'team/api:v1': 'new', [byDigest(signature)]: 'new' });
    expect(new Set(toTransfer.map(({ root }) => root))).toEqual(new Set([byDigest(one)]));
    expect(toTransfer.map(({ subject }) => subject)).toEqual([null, one.digest]);
  });

  it('is transferred alone if its subject is up to date', async () => {
    const registries = twoRegistries([one, 'v1']);
    registries.source.push(REPOSITORY, signature);
    const { toTransfer, skipped } = await discover(registries);

    expect(reasonsOf(toTransfer)).toEqual({ [byDigest(signature)]: 'new' });
    expect(reasonsOf(skipped)).toEqual({ 'team/api:v1': 'present' });
  });

  it('is found for a child of an index', async () => {
    const registries = twoRegistries([arm], [amd], [multi, 'multi']);
    const signed = referrer('signature of arm', arm);
    registries.source.push(REPOSITORY, signed);
    const { toTransfer } = await discover(registries);

    expect(toTransfer).toMatchObject([{ digest: signed.digest, subject: arm.digest, root: byDigest(multi) }]);
  });

  it('is transferred with its own signature', async () => {
    const registries = twoRegistries([one, 'v1']);
    const sbom = referrer('sbom', one);
    const signed = referrer('signature of the sbom', sbom);
    for (const manifest of [signed, sbom]) registries.source.push(REPOSITORY, manifest);

    expect(reasonsOf((await discover(registries)).toTransfer)).toEqual({
      [byDigest(sbom)]: 'new',
      [byDigest(signed)]: 'new',
    });
  });

  it('is up to date, and its new signature is transferred', async () => {
    const sbom = referrer('sbom', one);
    const registries = twoRegistries([one, 'v1'], [sbom]);
    const signed = referrer('signature of the sbom', sbom);
    registries.source.push(REPOSITORY, signed);

    expect(reasonsOf((await discover(registries)).toTransfer)).toEqual({ [byDigest(signed)]: 'new' });
  });

  it('is not transferred if its subject is not selected or was deleted', async () => {
    const registries = twoRegistries([one, 'v1'], [two, 'other']);
    registries.source.push(REPOSITORY, referrer('of another', two));
    registries.source.push(REPOSITORY, referrer('of nothing', image('deleted')));

    expect((await discover(registries, ['team/api:v*'])).toTransfer).toEqual([]);
  });

  it('is not transferred with include-referrers off, and an incomplete index is', async () => {
    const registries = twoRegistries([one, 'v1'], [arm], [amd], [multi, 'multi']);
    registries.source.push(REPOSITORY, signature);
    registries.source.push(REPOSITORY, image('sig'), referrerTag(one));
    registries.target.remove(REPOSITORY, arm.digest);
    const { toTransfer } = await discover(registries, ALL, { includeReferrers: false });

    expect(reasonsOf(toTransfer)).toEqual({ 'team/api:multi': 'incomplete' });
  });

  it('is skipped if a line excludes its digest', async () => {
    const registries = twoRegistries();
    registries.source.push(REPOSITORY, one, 'v1');
    registries.source.push(REPOSITORY, signature);
    const { toTransfer, skipped } = await discover(registries, ['team/api:v1', `!${byDigest(signature)}`]);

    expect(reasonsOf(toTransfer)).toEqual({ 'team/api:v1': 'new' });
    expect(reasonsOf(skipped)).toEqual({ [byDigest(signature)]: 'excluded' });
  });
});

describe('a referrer tag of cosign', () => {
  const sig = image('sig');

  it('is transferred with its subject, and no other referrer tag', async () => {
    const registries = twoRegistries([two, 'other']);
    registries.source.push(REPOSITORY, one, 'v1');
    registries.source.push(REPOSITORY, sig, referrerTag(one));
    registries.source.push(REPOSITORY, image('of another'), referrerTag(two));
    const { toTransfer } = await discover(registries, ['team/api:v*']);

    expect(reasonsOf(toTransfer)).toEqual({ 'team/api:v1': 'new', [`team/api:${referrerTag(one)}`]: 'new' });
    expect(toTransfer[1]).toMatchObject({ subject: one.digest, root: byDigest(one) });
  });

  it('is transferred again if it has another digest', async () => {
    const registries = twoRegistries([one, 'v1'], [sig, referrerTag(one)]);
    registries.source.push(REPOSITORY, image('signed twice'), referrerTag(one));
    const { toTransfer } = await discover(registries);

    expect(toTransfer).toMatchObject([{ reason: { kind: 'changed', was: sig.digest } }]);
  });

  it.each([
    { name: 'new too', shared: [] },
    { name: 'up to date', shared: [[sig, referrerTag(one, '.sbom')]] as const },
  ])('has referrer tags too: the signature of an SBOM that is $name', async ({ shared }) => {
    const registries = twoRegistries([one, 'v1'], ...shared);
    registries.source.push(REPOSITORY, sig, referrerTag(one, '.sbom'));
    registries.source.push(REPOSITORY, image('signature of the sbom'), referrerTag(sig));

    expect(reasonsOf((await discover(registries)).toTransfer)).toMatchObject({
      [`team/api:${referrerTag(sig)}`]: 'new',
    });
  });

  it('can be the subject of a referrer', async () => {
    const registries = twoRegistries([one, 'v1'], [sig, referrerTag(one, '.sbom')]);
    const signed = referrer('signature of the sbom', sig);
    registries.source.push(REPOSITORY, signed);

    expect((await discover(registries)).toTransfer).toMatchObject([{ digest: signed.digest, root: byDigest(one) }]);
  });

  it('is transferred if its subject is a referrer that is up to date', async () => {
    const sbom = referrer('sbom', one);
    const registries = twoRegistries([one, 'v1'], [sbom]);
    registries.source.push(REPOSITORY, sig, referrerTag(sbom));

    expect(reasonsOf((await discover(registries)).toTransfer)).toEqual({ [`team/api:${referrerTag(sbom)}`]: 'new' });
  });
});
