import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { findReferrers, type Referrer, type RepositoryReader } from '../../../../src/transfer/plan/referrers.ts';
import { image, memoryRegistry, referrer, requestsOf, type MemoryRegistry } from '../ports/registry.fixture.ts';
import { REPOSITORY } from './discover.fixture.ts';

/** What each manifest refers to: the place of an earlier one, or nothing. The first three are selected. */
type Graph = readonly (number | null)[];

const SELECTED = 3;

const anyGraph = fc
  .array(fc.option(fc.nat(), { nil: null, freq: 5 }), { maxLength: 40 })
  .map((subjects): Graph => [
    ...Array.from({ length: SELECTED }, () => null),
    ...subjects.map((subject, index) => (subject === null ? null : subject % (index + SELECTED))),
  ]);

interface World {
  readonly registry: MemoryRegistry;
  readonly digests: readonly string[];
  readonly sight: RepositoryReader;
}

function worldOf(graph: Graph): World {
  const registry = memoryRegistry('source.azurecr.io');
  const digests: string[] = [];
  for (const [index, subject] of graph.entries()) {
    const manifest =
      subject === null ? image(`m${index}`) : referrer(`m${index}`, { digest: digests[subject] ?? 'none' });
    digests.push(manifest.digest);
    registry.push(REPOSITORY, manifest, index < SELECTED ? `v${index}` : undefined);
  }
  const isUntagged: RepositoryReader['isUntagged'] = (digest) => digests.indexOf(digest) >= SELECTED;
  return { registry, digests, sight: { ...registry, repository: REPOSITORY, isUntagged } };
}

const familyOf = ({ digests }: World): Map<string, string> =>
  new Map(digests.slice(0, SELECTED).map((digest) => [digest, `root of ${digest}`]));

/** Candidates that refer to nothing: so many that asking costs less than reading. */
const JUNK = Array.from({ length: 100 }, (_, index) => image(`junk ${index}`).digest);

const sorted = (companions: readonly Referrer[]): readonly string[] =>
  companions.map(({ digest, root }) => `${digest} ${root}`).sort();

/** What the graph says, whatever is asked for: the root at the end of the chain of subjects. */
function truth(graph: Graph, { digests }: World): readonly string[] {
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
  it('finds the same by reading and by asking, however deep referrers refer to each other', async () => {
    await fc.assert(
      fc.asyncProperty(anyGraph, async (graph) => {
        const [read, asked] = [worldOf(graph), worldOf(graph)];
        const candidates = read.digests.slice(SELECTED);
        const few = candidates.slice(0, 2 * SELECTED);
        const byReading = await findReferrers(few, familyOf(read), read.sight);
        const byAsking = await findReferrers([...candidates, ...JUNK], familyOf(asked), asked.sight);

        expect(requestsOf(read.registry).referrers).toBeUndefined();
        expect(requestsOf(asked.registry).manifest).toBeUndefined();
        expect(sorted(byAsking)).toEqual(truth(graph, asked));
        expect(sorted(byReading)).toEqual(sorted(byAsking.filter(({ digest }) => few.includes(digest))));
      }),
    );
  });

  it('asks nothing when nothing is left over', async () => {
    const world = worldOf([null, null, null, 0]);

    expect(await findReferrers([], familyOf(world), world.sight)).toEqual([]);
    expect(world.registry.asked).toEqual([]);
  });

  it('asks once for each subject and each referrer that it finds', async () => {
    const world = worldOf([null, null, null, 0, 3]);
    await findReferrers([...world.digests.slice(SELECTED), ...JUNK], familyOf(world), world.sight);

    expect(requestsOf(world.registry)).toEqual({ referrers: 5 });
  });

  it('passes over a referrer that has a tag: it is selected by that, or not at all', async () => {
    const world = worldOf([null, null, null, 0]);
    const sight = { ...world.sight, isUntagged: () => false };

    expect(await findReferrers(JUNK, familyOf(world), sight)).toEqual([]);
  });

  it('adds what it finds to the family', async () => {
    const world = worldOf([null, null, null, 0]);
    const family = familyOf(world);
    await findReferrers(world.digests.slice(SELECTED), family, world.sight);

    expect(family.get(world.digests[SELECTED] ?? '')).toBe(family.get(world.digests[0] ?? ''));
  });
});
