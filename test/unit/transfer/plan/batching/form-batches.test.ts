import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import type { Candidate, Skipped } from '../../../../../src/transfer/model/plan.ts';
import { formatReference } from '../../../../../src/transfer/model/reference.ts';
import { formBatches, resumeBatches, type BatchTerms } from '../../../../../src/transfer/plan/batching/form-batches.ts';
import { groupBySubject } from '../../../../../src/transfer/plan/batching/group-by-subject.ts';
import { image } from '../../ports/registry.fixture.ts';
import { toTransferOf } from '../discover.fixture.ts';

const TERMS: BatchTerms = { transferName: 'nightly', limits: { artifacts: 2, bytes: null }, resumesPartial: true };

const item = (tag: string, seed = tag): Candidate => toTransferOf(image(seed, ['base', `${seed} layer`]), tag);

const presentOf = ({ reference, digest, where }: Candidate): Skipped => {
  return { reference, digest, where, mediaType: null, size: null, reason: { kind: 'present' } };
};

const formed = (items: readonly Candidate[], terms = TERMS): ReturnType<typeof formBatches> =>
  formBatches(groupBySubject(items, terms.limits).groups, terms);

const tagsOf = (items: readonly Pick<Candidate, 'reference'>[]): string[] =>
  items.map(({ reference }) => (reference.kind === 'tag' ? reference.tag : reference.digest)).sort();

const [one, two, three] = [item('one'), item('two'), item('three')];

describe('formBatches', () => {
  it('gives the same names in every order', () => {
    const items = Array.from({ length: 12 }, (_, index) => item(`v${index}`));

    fc.assert(
      fc.property(
        fc.shuffledSubarray(items, { minLength: items.length }),
        fc.integer({ min: 1, max: 13 }),
        (shuffled, artifacts) => {
          const terms = { ...TERMS, limits: { artifacts, bytes: null } };
          const names = formed(shuffled, terms).map(({ blob }) => blob);

          expect(names).toEqual(formed(items, terms).map(({ blob }) => blob));
          expect(new Set(names).size).toBe(names.length);
        },
      ),
    );
  });

  it('has every artifact once, with its reason and without its content', () => {
    const artifacts = formed([one, two, three]).flatMap((batch) => batch.artifacts);

    expect(tagsOf(artifacts)).toEqual(['one', 'three', 'two']);
    expect(artifacts[0]).not.toHaveProperty('content');
    expect(artifacts[0]?.reason).toEqual(one.reason);
  });

  it('names blobs by the transfer too', () => {
    const [batch] = formed([one], { ...TERMS, transferName: 'team/weekly' });

    expect(batch?.blob).toMatch(/^team\/weekly-[\da-f]{16}\.tar$/);
  });
});

describe('resumeBatches', () => {
  const earlier = formed([one, two]);

  const resuming = (toTransfer: readonly Candidate[], skipped: readonly Skipped[] = [], terms = TERMS) =>
    resumeBatches(earlier, toTransfer, skipped, terms);

  it('keeps a batch whose artifacts are all selected, and returns the new artifacts', () => {
    const { batches, toTransfer: rest } = resuming([one, two, three]);

    expect(batches).toEqual(earlier);
    expect(rest).toEqual([three]);
  });

  it('B4: does not keep it if receipts show that its blob did not bring the others', () => {
    const { batches, toTransfer: rest } = resuming([two], [presentOf(one)], { ...TERMS, resumesPartial: false });

    expect([batches, rest]).toEqual([[], [two]]);
  });

  it('keeps a batch although some of its artifacts are up to date', () => {
    const { batches, toTransfer: rest, skipped } = resuming([two], [presentOf(one), presentOf(three)]);

    expect(batches.map(({ blob }) => blob)).toEqual(earlier.map(({ blob }) => blob));
    expect(batches[0]?.artifacts.map(({ reason }) => reason)).toEqual([{ kind: 'resumed' }, two.reason]);
    expect([rest, tagsOf(skipped)]).toEqual([[], ['three']]);
  });

  it('drops a batch whose artifacts are all up to date', () => {
    const { batches, skipped } = resuming([three], [presentOf(one), presentOf(two)]);

    expect([batches, tagsOf(skipped)]).toEqual([[], ['one', 'two']]);
  });

  it.each([
    { name: 'the tag of an artifact has moved', toTransfer: [one, item('two', 'two again')] },
    { name: 'an artifact is no longer selected', toTransfer: [one] },
    { name: 'an artifact has another tag', toTransfer: [one, item('zwei', 'two')] },
  ])('drops a batch if $name', ({ toTransfer }) => {
    expect(resuming(toTransfer)).toEqual({ batches: [], toTransfer, skipped: [] });
  });

  it('drops a batch if one of its artifacts is excluded', () => {
    const excluded: Skipped = { ...presentOf(two), reason: { kind: 'excluded', by: 'line 2' } };

    expect(resuming([one], [excluded])).toEqual({ batches: [], toTransfer: [one], skipped: [excluded] });
  });

  it.each([
    { name: 'fewer artifacts', limits: { artifacts: 1, bytes: null } },
    { name: 'smaller blobs', limits: { artifacts: 2, bytes: (earlier[0]?.bytes ?? 0) - 1 } },
  ])('drops a batch that exceeds the current limits: $name', ({ limits }) => {
    expect(resuming([one, two], [], { ...TERMS, limits }).batches).toEqual([]);
  });

  it('keeps a batch that is exactly at the limits', () => {
    const limits = { artifacts: 2, bytes: earlier[0]?.bytes ?? 0 };

    expect(resuming([one, two], [], { ...TERMS, limits }).batches).toEqual(earlier);
  });

  it("drops a batch whose name doesn't match its artifacts or the transfer", () => {
    const altered = earlier.map((batch) => ({ ...batch, blob: 'nightly-0000000000000000.tar' }));

    expect(resumeBatches(altered, [one, two], [], TERMS).batches).toEqual([]);
    expect(resuming([one, two], [], { ...TERMS, transferName: 'weekly' }).batches).toEqual([]);
  });

  it('has every artifact once, in a kept batch or in the rest', () => {
    const items = Array.from({ length: 6 }, (_, index) => item(`v${index}`));
    const subset = fc.subarray(items, { minLength: 1, maxLength: 2 });

    fc.assert(
      fc.property(fc.array(subset), fc.subarray(items), (groups, toTransfer) => {
        const before = groups.flatMap((group) => formed(group));
        const present = items.filter((one) => !toTransfer.includes(one)).map(presentOf);
        const { batches, toTransfer: rest } = resumeBatches(before, toTransfer, present, TERMS);
        const taken = batches.flatMap(({ artifacts }) => artifacts.map(({ reference }) => formatReference(reference)));
        const all = [...taken, ...rest.map(({ reference }) => formatReference(reference))];

        expect(new Set(taken).size).toBe(taken.length);
        expect(all).toEqual(expect.arrayContaining(toTransfer.map(({ reference }) => formatReference(reference))));
      }),
    );
  });
});
