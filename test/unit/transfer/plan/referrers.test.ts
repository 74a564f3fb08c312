import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { findReferrers, type Referrer, type RepositoryReader } from '../../../../src/transfer/plan/referrers.ts';
import { image, memoryRegistry, referrer, requestsOf, type MemoryRegistry } from '../ports/registry.fixture.ts';
import { REPOSITORY } from './discover.fixture.ts';

/** The subject of each manifest: the index of an earlier one, or null. The first three are selected. */
type Graph = readonly (number | null)[];

const SELECTED = 3;

const anyGraph = fc
  .array(fc.option(fc.nat(), { nil: null, freq: 5 }), { maxLength: 40 })
  .map((subjects): Graph => [
    ...Array.from({ length: SELECTED }, () => null),
    ...subjects.map((subject, index) => (subject === null ? null : subject % (index + SELECTED))),
  ]);

interface Fixture {
  readonly registry: MemoryRegistry;
  readonly digests: readonly string[];
  readonly reader: RepositoryReader;
}

function fixtureOf(graph: Graph): Fixture {
  const registry = memoryRegistry('source.azurecr.io');
  const digests: string[] = [];
  for (const [index, subject] of graph.entries()) {
    const manifest =
      subject === null ? image(`m${index}`) : referrer(`m${index}`, { digest: digests[subject] ?? 'none' });
    digests.push(manifest.digest);
    registry.push(REPOSITORY, manifest, index < SELECTED ? `v${index}` : undefined);
  }
  const isUntagged: RepositoryReader['isUntagged'] = (digest) => digests.indexOf(digest) >= SELECTED;
  return { registry, digests, reader: { ...registry, repository: REPOSITORY, isUntagged, listings: { sent: 0 } } };
}

const subjectsOf = ({ digests }: Fixture): Map<string, string> =>
  new Map(digests.slice(0, SELECTED).map((digest) => [digest, `root of ${digest}`]));

/** Candidates without a subject. With this number, listing referrers takes fewer requests than reading. */
const JUNK = Array.from({ length: 100 }, (_, index) => image(`junk ${index}`).digest);

const sorted = (referrers: readonly Referrer[]): readonly string[] =>
  referrers.map(({ digest, root }) => `${digest} ${root}`).sort();

/** The expected referrers: each with the root at the end of its chain of subjects. */
function expectedOf(graph: Graph, { digests }: Fixture): readonly string[] {
  const rootOf = (index: number): number | null => {
    const subject = graph[index] ?? null;
    if (subject === null) return null;
    return subject < SELECTED ? subject : rootOf(subject);
  };
  return digests
    .flatMap((digest, index) => {
      const root = index < SELECTED ? null : rootOf(index);
      return root === null ? [] : [`${digest} root of ${digests[root] ?? ''}`];
    })
    .sort();
}

describe('findReferrers', () => {
  it('finds the same referrers by reading and by listing, in chains of any length', async () => {
    await fc.assert(
      fc.asyncProperty(anyGraph, async (graph) => {
        const [read, listed] = [fixtureOf(graph), fixtureOf(graph)];
        const candidates = read.digests.slice(SELECTED);
        const few = candidates.slice(0, 2 * SELECTED);
        const byReading = await findReferrers(few, subjectsOf(read), read.reader);
        const byListing = await findReferrers([...candidates, ...JUNK], subjectsOf(listed), listed.reader);

        expect(requestsOf(read.registry).referrers).toBeUndefined();
        expect(requestsOf(listed.registry).manifest).toBeUndefined();
        expect(sorted(byListing)).toEqual(expectedOf(graph, listed));
        expect(sorted(byReading)).toEqual(sorted(byListing.filter(({ digest }) => few.includes(digest))));
      }),
    );
  });

  it('makes no request without candidates', async () => {
    const fixture = fixtureOf([null, null, null, 0]);

    expect(await findReferrers([], subjectsOf(fixture), fixture.reader)).toEqual([]);
    expect(fixture.registry.asked).toEqual([]);
  });

  it('lists the referrers of each subject and of each referrer once', async () => {
    const fixture = fixtureOf([null, null, null, 0, 3]);
    await findReferrers([...fixture.digests.slice(SELECTED), ...JUNK], subjectsOf(fixture), fixture.reader);

    expect(requestsOf(fixture.registry)).toEqual({ referrers: 5 });
  });

  it.each([
    { sent: 0, requests: { referrers: 3 } },
    { sent: 997, requests: { referrers: 3 } },
    { sent: 998, requests: { manifest: 30 } },
  ])(
    'C8: reads ten candidates per listing rather than exceed 1,000 listings: $sent sent',
    async ({ sent, requests }) => {
      const { registry, reader, ...fixture } = fixtureOf([null, null, null]);
      await findReferrers(JUNK.slice(0, 30), subjectsOf({ registry, reader, ...fixture }), {
        ...reader,
        listings: { sent },
      });

      expect(requestsOf(registry)).toEqual(requests);
    },
  );

  it('C8: lists beyond the limit if there are even more candidates', async () => {
    const fixture = fixtureOf([null, null, null]);
    const reader = { ...fixture.reader, listings: { sent: 998 } };
    await findReferrers(JUNK.slice(0, 31), subjectsOf(fixture), reader);

    expect(requestsOf(fixture.registry)).toEqual({ referrers: 3 });
    expect(reader.listings.sent).toBe(1001);
  });

  it('ignores a referrer that has a tag', async () => {
    const fixture = fixtureOf([null, null, null, 0]);
    const reader = { ...fixture.reader, isUntagged: () => false };

    expect(await findReferrers(JUNK, subjectsOf(fixture), reader)).toEqual([]);
  });

  it('adds the referrers to the subjects', async () => {
    const fixture = fixtureOf([null, null, null, 0]);
    const subjects = subjectsOf(fixture);
    await findReferrers(fixture.digests.slice(SELECTED), subjects, fixture.reader);

    expect(subjects.get(fixture.digests[SELECTED] ?? '')).toBe(subjects.get(fixture.digests[0] ?? ''));
  });
});
