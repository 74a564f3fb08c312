import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import type { Skipped, ToTransfer } from '../../../../../src/transfer/model/plan.ts';
import { formatReference } from '../../../../../src/transfer/model/reference.ts';
import {
  formBatches,
  resumeBatches,
  type BatchTerms,
  type UnnumberedBatch,
} from '../../../../../src/transfer/plan/batching/form-batches.ts';
import { groupBySubject } from '../../../../../src/transfer/plan/batching/group-by-subject.ts';
import { image } from '../../ports/registry.fixture.ts';
import { travelling } from '../discover.fixture.ts';

const TERMS: BatchTerms = { transferName: 'nightly', limits: { artifacts: 2, bytes: null } };

const item = (tag: string, seed = tag): ToTransfer => travelling(image(seed, ['base', `${seed} layer`]), tag);

const there = ({ reference, digest, where }: ToTransfer): Skipped => {
  return { reference, digest, where, mediaType: null, size: null, reason: { kind: 'present' } };
};

const formed = (items: readonly ToTransfer[], terms = TERMS): readonly UnnumberedBatch[] =>
  formBatches(groupBySubject(items, terms.limits).parcels, terms);

const tagsOf = (items: readonly Pick<ToTransfer, 'reference'>[]): string[] =>
  items.map(({ reference }) => (reference.kind === 'tag' ? reference.tag : reference.digest)).sort();

const [one, two, three] = [item('one'), item('two'), item('three')];

describe('formBatches', () => {
  it('gives the same batches the same names, whatever the order', () => {
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

  it('carries everything once, and of each only what documents need', () => {
    const artifacts = formed([one, two, three]).flatMap((batch) => batch.artifacts);

    expect(tagsOf(artifacts)).toEqual(['one', 'three', 'two']);
    expect(artifacts[0]).not.toHaveProperty('content');
    expect(artifacts[0]).not.toHaveProperty('reason');
  });

  it('names them by the transfer too', () => {
    const [batch] = formed([one], { ...TERMS, transferName: 'team/weekly' });

    expect(batch?.blob).toMatch(/^team\/weekly-[\da-f]{16}\.tar$/);
  });
});

describe('resumeBatches', () => {
  const earlier = formed([one, two]);

  const resuming = (going: readonly ToTransfer[], staying: readonly Skipped[] = [], terms = TERMS) =>
    resumeBatches(earlier, going, staying, terms);

  it('keeps a batch that is wanted as it is, beside what is new', () => {
    const { batches, travelling: rest } = resuming([one, two, three]);

    expect(batches).toEqual(earlier);
    expect(rest).toEqual([three]);
  });

  it('keeps its name although some of it is there already', () => {
    const { batches, travelling: rest, staying } = resuming([two], [there(one), there(three)]);

    expect(batches).toEqual(earlier);
    expect([rest, tagsOf(staying)]).toEqual([[], ['three']]);
  });

  it('is done with a batch that is there entirely', () => {
    const { batches, staying } = resuming([three], [there(one), there(two)]);

    expect([batches, tagsOf(staying)]).toEqual([[], ['one', 'two']]);
  });

  it.each([
    { name: 'an artifact of it has moved', going: [one, item('two', 'two again')] },
    { name: 'an artifact of it is not selected any more', going: [one] },
    { name: 'an artifact of it goes under another tag', going: [one, item('zwei', 'two')] },
  ])('dissolves a batch when $name', ({ going }) => {
    expect(resuming(going)).toEqual({ batches: [], travelling: going, staying: [] });
  });

  it('dissolves a batch of which something is left out', () => {
    const excluded: Skipped = { ...there(two), reason: { kind: 'excluded', by: 'line 2' } };

    expect(resuming([one], [excluded])).toEqual({ batches: [], travelling: [one], staying: [excluded] });
  });

  it.each([
    { name: 'fewer artifacts', limits: { artifacts: 1, bytes: null } },
    { name: 'smaller blobs', limits: { artifacts: 2, bytes: (earlier[0]?.bytes ?? 0) - 1 } },
  ])('dissolves a batch that is over the limits of now: $name', ({ limits }) => {
    expect(resuming([one, two], [], { ...TERMS, limits }).batches).toEqual([]);
  });

  it('keeps a batch that just fits', () => {
    const limits = { artifacts: 2, bytes: earlier[0]?.bytes ?? 0 };

    expect(resuming([one, two], [], { ...TERMS, limits }).batches).toEqual(earlier);
  });

  it('does not take up a batch whose name is not of its content, or of another transfer', () => {
    const altered = earlier.map((batch) => ({ ...batch, blob: 'nightly-0000000000000000.tar' }));

    expect(resumeBatches(altered, [one, two], [], TERMS).batches).toEqual([]);
    expect(resuming([one, two], [], { ...TERMS, transferName: 'weekly' }).batches).toEqual([]);
  });

  it('takes every artifact up once, and loses none', () => {
    const items = Array.from({ length: 6 }, (_, index) => item(`v${index}`));
    const subset = fc.subarray(items, { minLength: 1, maxLength: 2 });

    fc.assert(
      fc.property(fc.array(subset), fc.subarray(items), (groups, going) => {
        const before = groups.flatMap((group) => formed(group));
        const present = items.filter((one) => !going.includes(one)).map(there);
        const { batches, travelling: rest } = resumeBatches(before, going, present, TERMS);
        const taken = batches.flatMap(({ artifacts }) => artifacts.map(({ reference }) => formatReference(reference)));
        const all = [...taken, ...rest.map(({ reference }) => formatReference(reference))];

        expect(new Set(taken).size).toBe(taken.length);
        expect(all).toEqual(expect.arrayContaining(going.map(({ reference }) => formatReference(reference))));
      }),
    );
  });
});
