import { describe, expect, it } from '@jest/globals';
import { discoverRepository, type RepositoryPlan } from '../../../../src/transfer/plan/discover.ts';
import { companionTag, image, index, readOf, referrer, requestsOf } from '../ports/registry.fixture.ts';
import { briefOf, byDigest, reasonsOf, REPOSITORY, twoRegistries, type Ends } from './discover.fixture.ts';

const one = image('one');
const two = image('two');
const arm = image('arm');
const amd = image('amd');
const multi = index('multi', [arm, amd]);

const ALL = ['team/api:*'];

const survey = (
  ends: Ends,
  lines: readonly string[] = ALL,
  changes: Parameters<typeof briefOf>[2] = {},
): Promise<RepositoryPlan> => discoverRepository(REPOSITORY, briefOf(ends, lines, changes));

describe('a repository without news', () => {
  it('costs one listing on each side, and no look at a manifest', async () => {
    const signature = referrer('signature', one);
    const ends = twoRegistries([one, 'v1'], [two, 'v2'], [arm], [amd], [multi, 'multi'], [signature]);
    const { travelling, staying } = await survey(ends);

    expect(travelling).toEqual([]);
    expect(reasonsOf(staying)).toEqual({
      'team/api:v1': 'present',
      'team/api:v2': 'present',
      'team/api:multi': 'present',
    });
    expect([requestsOf(ends.source), requestsOf(ends.target)]).toEqual([{ manifests: 1 }, { manifests: 1 }]);
  });

  it('asks for the times of tags only where a line needs them', async () => {
    const ends = twoRegistries([one, 'v1']);
    await survey(ends, ['team/api:* newest=1']);

    expect(requestsOf(ends.source)).toEqual({ manifests: 1, tags: 1 });
  });

  it('costs no look either where signatures are tags', async () => {
    const ends = twoRegistries([one, 'v1'], [image('sig'), companionTag(one)]);
    await survey(ends);

    expect(requestsOf(ends.source)).toEqual({ manifests: 1 });
  });

  it('does not mind the signature of what is gone from the source', async () => {
    const ends = twoRegistries([one, 'v1'], [arm], [amd], [multi, 'multi']);
    ends.source.push(REPOSITORY, image('orphan'), companionTag(image('deleted')));
    const { travelling } = await survey(ends);

    expect(travelling).toEqual([]);
    expect(requestsOf(ends.source)).toEqual({ manifests: 1 });
  });
});

describe('news', () => {
  it('is looked at, and nothing else is', async () => {
    const ends = twoRegistries([one, 'v1']);
    ends.source.push(REPOSITORY, two, 'v2');
    const { travelling } = await survey(ends);

    expect(reasonsOf(travelling)).toEqual({ 'team/api:v2': 'new' });
    expect(readOf(ends.source)).toEqual([two.digest]);
  });

  it('is a tag that has moved, with what it was', async () => {
    const ends = twoRegistries([one, 'v1']);
    ends.source.push(REPOSITORY, two, 'v1');
    const { travelling } = await survey(ends);

    expect(travelling).toMatchObject([{ digest: two.digest, reason: { kind: 'changed', was: one.digest } }]);
  });

  it('is another tag of a digest that is there: the tag has to be made', async () => {
    const ends = twoRegistries([one, 'v1']);
    ends.source.push(REPOSITORY, one, 'latest');

    expect(reasonsOf((await survey(ends)).travelling)).toEqual({ 'team/api:latest': 'new' });
  });

  it('is everything when nobody compares', async () => {
    const ends = twoRegistries([one, 'v1']);
    const { travelling } = await survey(ends, ALL, { known: null });

    expect(travelling).toMatchObject([{ digest: one.digest, reason: { kind: 'selected' }, where: 'line 1' }]);
    expect(requestsOf(ends.target)).toEqual({});
  });

  it('is looked at once, however many tags a digest has', async () => {
    const ends = twoRegistries();
    for (const tag of ['v1', 'v1.0', 'latest']) ends.source.push(REPOSITORY, one, tag);
    const { travelling } = await survey(ends);

    expect(travelling.map(({ root }) => root)).toEqual([byDigest(one), byDigest(one), byDigest(one)]);
    expect(readOf(ends.source)).toEqual([one.digest]);
  });

  it('is what a line names by its digest', async () => {
    const ends = twoRegistries([one]);
    ends.source.push(REPOSITORY, two);
    const { travelling, staying } = await survey(ends, [byDigest(one), byDigest(two)]);

    expect(reasonsOf(travelling)).toEqual({ [byDigest(two)]: 'new' });
    expect(reasonsOf(staying)).toEqual({ [byDigest(one)]: 'present' });
  });

  it('is an index of which the far side lacks a part', async () => {
    const ends = twoRegistries([one, 'v1'], [arm], [amd], [multi, 'multi']);
    ends.target.remove(REPOSITORY, amd.digest);
    const { travelling } = await survey(ends);

    expect(travelling).toMatchObject([{ digest: multi.digest, reason: { kind: 'incomplete', missing: 1 } }]);
  });

  it('is not what is left over without a tag: that costs looks, but stays', async () => {
    const ends = twoRegistries([one, 'v1']);
    ends.source.push(REPOSITORY, two);
    const { travelling, staying } = await survey(ends);

    expect([travelling, reasonsOf(staying)]).toEqual([[], { 'team/api:v1': 'present' }]);
    expect(readOf(ends.source)).toEqual([two.digest]);
  });

  it('is a fault when an index lists at the source what is not there', async () => {
    const ends = twoRegistries();
    ends.source.push(REPOSITORY, arm);
    ends.source.push(REPOSITORY, multi, 'multi');
    const { failures } = await survey(ends);

    expect(failures.map(({ facts }) => facts.id)).toEqual(['ACRT6003']);
  });
});

describe('what does not travel', () => {
  it('is left out by the line that says so', async () => {
    const ends = twoRegistries();
    ends.source.push(REPOSITORY, one, 'v1');
    ends.source.push(REPOSITORY, two, 'v2-rc1');
    const { travelling, staying } = await survey(ends, [...ALL, '!team/api:*-rc*']);

    expect(reasonsOf(travelling)).toEqual({ 'team/api:v1': 'new' });
    expect(staying).toMatchObject([{ digest: two.digest, reason: { kind: 'excluded', by: 'line 2' } }]);
  });

  it('is gone from the source, of what would be selected', async () => {
    const ends = twoRegistries([one, 'v1'], [two, 'v2'], [arm, 'other']);
    for (const tag of ['v1', 'other']) ends.source.remove(REPOSITORY, tag);
    const { staying } = await survey(ends, ['team/api:v*']);

    expect(reasonsOf(staying)).toEqual({ 'team/api:v2': 'present', 'team/api:v1': 'gone' });
  });

  it('is gone with its whole repository', async () => {
    const ends = twoRegistries();
    ends.target.push(REPOSITORY, one, 'v1');
    const { exists, staying } = await survey(ends);

    expect([exists, reasonsOf(staying)]).toEqual([false, { 'team/api:v1': 'gone' }]);
  });
});

describe('what refers to the selected', () => {
  const signature = referrer('signature', one);

  it('travels along, with the same root', async () => {
    const ends = twoRegistries();
    ends.source.push(REPOSITORY, one, 'v1');
    ends.source.push(REPOSITORY, signature);
    const { travelling } = await survey(ends);

    expect(reasonsOf(travelling)).toEqual({ 'team/api:v1': 'new', [byDigest(signature)]: 'new' });
    expect(new Set(travelling.map(({ root }) => root))).toEqual(new Set([byDigest(one)]));
    expect(travelling.map(({ subject }) => subject)).toEqual([null, one.digest]);
  });

  it('travels alone when it was attached to what went over before', async () => {
    const ends = twoRegistries([one, 'v1']);
    ends.source.push(REPOSITORY, signature);
    const { travelling, staying } = await survey(ends);

    expect(reasonsOf(travelling)).toEqual({ [byDigest(signature)]: 'new' });
    expect(reasonsOf(staying)).toEqual({ 'team/api:v1': 'present' });
  });

  it('is found on a part of an index', async () => {
    const ends = twoRegistries([arm], [amd], [multi, 'multi']);
    const signed = referrer('signature of arm', arm);
    ends.source.push(REPOSITORY, signed);
    const { travelling } = await survey(ends);

    expect(travelling).toMatchObject([{ digest: signed.digest, subject: arm.digest, root: byDigest(multi) }]);
  });

  it('may have a signature of its own', async () => {
    const ends = twoRegistries([one, 'v1']);
    const sbom = referrer('sbom', one);
    const signed = referrer('signature of the sbom', sbom);
    for (const manifest of [signed, sbom]) ends.source.push(REPOSITORY, manifest);

    expect(reasonsOf((await survey(ends)).travelling)).toEqual({ [byDigest(sbom)]: 'new', [byDigest(signed)]: 'new' });
  });

  it('may get a signature of its own after it went over', async () => {
    const sbom = referrer('sbom', one);
    const ends = twoRegistries([one, 'v1'], [sbom]);
    const signed = referrer('signature of the sbom', sbom);
    ends.source.push(REPOSITORY, signed);

    expect(reasonsOf((await survey(ends)).travelling)).toEqual({ [byDigest(signed)]: 'new' });
  });

  it('stays when it refers to what is not selected, or to what is gone', async () => {
    const ends = twoRegistries([one, 'v1'], [two, 'other']);
    ends.source.push(REPOSITORY, referrer('of another', two));
    ends.source.push(REPOSITORY, referrer('of nothing', image('deleted')));

    expect((await survey(ends, ['team/api:v*'])).travelling).toEqual([]);
  });

  it('stays where that is asked for, while an incomplete index still travels', async () => {
    const ends = twoRegistries([one, 'v1'], [arm], [amd], [multi, 'multi']);
    ends.source.push(REPOSITORY, signature);
    ends.source.push(REPOSITORY, image('sig'), companionTag(one));
    ends.target.remove(REPOSITORY, arm.digest);
    const { travelling } = await survey(ends, ALL, { includeReferrers: false });

    expect(reasonsOf(travelling)).toEqual({ 'team/api:multi': 'incomplete' });
  });

  it('stays where a line leaves out its digest', async () => {
    const ends = twoRegistries();
    ends.source.push(REPOSITORY, one, 'v1');
    ends.source.push(REPOSITORY, signature);
    const { travelling, staying } = await survey(ends, ['team/api:v1', `!${byDigest(signature)}`]);

    expect(reasonsOf(travelling)).toEqual({ 'team/api:v1': 'new' });
    expect(reasonsOf(staying)).toEqual({ [byDigest(signature)]: 'excluded' });
  });
});

describe("companions by cosign's tags", () => {
  const sig = image('sig');

  it('travel with their subject, by their tag, and only they', async () => {
    const ends = twoRegistries([two, 'other']);
    ends.source.push(REPOSITORY, one, 'v1');
    ends.source.push(REPOSITORY, sig, companionTag(one));
    ends.source.push(REPOSITORY, image('of another'), companionTag(two));
    const { travelling } = await survey(ends, ['team/api:v*']);

    expect(reasonsOf(travelling)).toEqual({ 'team/api:v1': 'new', [`team/api:${companionTag(one)}`]: 'new' });
    expect(travelling[1]).toMatchObject({ subject: one.digest, root: byDigest(one) });
  });

  it('travel again when there is another signature', async () => {
    const ends = twoRegistries([one, 'v1'], [sig, companionTag(one)]);
    ends.source.push(REPOSITORY, image('signed twice'), companionTag(one));
    const { travelling } = await survey(ends);

    expect(travelling).toMatchObject([{ reason: { kind: 'changed', was: sig.digest } }]);
  });

  it.each([
    { name: 'new as well', shared: [] },
    { name: 'there already', shared: [[sig, companionTag(one, '.sbom')]] as const },
  ])('have companions of their own: the signature of an SBOM that is $name', async ({ shared }) => {
    const ends = twoRegistries([one, 'v1'], ...shared);
    ends.source.push(REPOSITORY, sig, companionTag(one, '.sbom'));
    ends.source.push(REPOSITORY, image('signature of the sbom'), companionTag(sig));

    expect(reasonsOf((await survey(ends)).travelling)).toMatchObject({ [`team/api:${companionTag(sig)}`]: 'new' });
  });

  it('may be referred to as anything else', async () => {
    const ends = twoRegistries([one, 'v1'], [sig, companionTag(one, '.sbom')]);
    const signed = referrer('signature of the sbom', sig);
    ends.source.push(REPOSITORY, signed);

    expect((await survey(ends)).travelling).toMatchObject([{ digest: signed.digest, root: byDigest(one) }]);
  });

  it('belong to referrers that went over before too', async () => {
    const sbom = referrer('sbom', one);
    const ends = twoRegistries([one, 'v1'], [sbom]);
    ends.source.push(REPOSITORY, sig, companionTag(sbom));

    expect(reasonsOf((await survey(ends)).travelling)).toEqual({ [`team/api:${companionTag(sbom)}`]: 'new' });
  });
});
