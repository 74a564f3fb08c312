import type { Descriptor } from '../../src/transfer/model/artifact.ts';
import { distinctBytes, naiveBatches, naiveBytes, packGroups } from '../../src/transfer/plan/batching/pack.ts';
import type { PackingGroup } from '../../src/transfer/plan/batching/packing-group.ts';
import { randomNumbers } from '../sandbox/random.ts';
import { round } from './measure.ts';

const MB = 1_000_000;
const ARTIFACTS_PER_RUN = 50;
const TAGS = 20;

/**
 * Compressed sizes of the layers of three common base images, MB: a slim distribution, one with an interpreter, one with a
 * large runtime. In sum 30, 80 and 130 MB, which are typical sizes, not measured ones.
 */
const BASES = [
  [28, 2],
  [29, 4, 45, 2],
  [48, 24, 46, 12],
];
/** The dependencies of a repository: one layer that changes about every 7 tags, MB. */
const DEPENDENCIES = { least: 10, most: 60, everyTags: 7 };
/** The layer that changes with every tag, MB. */
const APP = { least: 1, most: 8 };
const CONFIG_BYTES = 8_000;
const MANIFEST_BYTES = 2_000;
/** Bytes of a signature (its manifest included), and of an SBOM. */
const REFERRERS = { signature: 3_000, sbom: 150_000 };

interface Model {
  readonly repositories: number;
  /** Number of tags between two security releases of a base. A build uses the newest one. Null: it never changes. */
  readonly baseEveryTags: number | null;
  /** Every image is signed and has an SBOM. */
  readonly referrers: boolean;
}

/** The tags of one repository. */
function repositoryTags(name: string, model: Model, random: () => number): readonly PackingGroup<string>[] {
  const between = ({ least, most }: { least: number; most: number }) =>
    Math.round((least + (most - least) * random()) * MB);
  const base = Math.floor(random() * BASES.length);
  // Repositories are built on different days, so each gets the releases of its base at other tags.
  const phase = Math.floor(random() * TAGS);
  let dependencies: Descriptor = { digest: '', size: 0 };
  return Array.from({ length: TAGS }, (_, index) => {
    const tag = `${name}:v${index + 1}`;
    const release = model.baseEveryTags === null ? 0 : Math.floor((index + phase) / model.baseEveryTags);
    if (index % DEPENDENCIES.everyTags === 0) {
      dependencies = { digest: `dependencies ${tag}`, size: between(DEPENDENCIES) };
    }
    return group(tag, model.referrers, [
      ...(BASES[base] ?? []).map((size, layer) => ({ digest: `base ${base} ${release} ${layer}`, size: size * MB })),
      dependencies,
      { digest: `app ${tag}`, size: between(APP) },
    ]);
  });
}

function group(tag: string, withReferrers: boolean, layers: readonly Descriptor[]): PackingGroup<string> {
  const referrers = withReferrers ? Object.entries(REFERRERS) : [];
  return {
    items: [tag, ...referrers.map(([kind]) => `${tag} ${kind}`)],
    content: [
      ...layers,
      { digest: `config ${tag}`, size: CONFIG_BYTES },
      { digest: `manifest ${tag}`, size: MANIFEST_BYTES },
      ...referrers.map(([kind, size]) => ({ digest: `${kind} ${tag}`, size })),
    ],
  };
}

/** A registry in the order of its lists: repositories by name, and tags by name (v1, v10, v11 … v2). */
function registry(model: Model): readonly PackingGroup<string>[] {
  const random = randomNumbers(3);
  const pushed = Array.from({ length: model.repositories }, (_, index) =>
    repositoryTags(`team/service-${String(index).padStart(3, '0')}`, model, random),
  ).flat();
  return pushed.toSorted(({ items: [a = ''] }, { items: [b = ''] }) => (a < b ? -1 : 1));
}

/**
 * A lower bound of the bytes of batches of 50: a content of N artifacts is in at least N/50 blobs. It might not be reachable
 * for all contents at once.
 */
function boundAtLimit(groups: readonly PackingGroup<string>[]): number {
  const holders = new Map<string, { size: number; artifacts: number }>();
  for (const { items, content } of groups) {
    for (const { digest, size } of content) {
      holders.set(digest, { size, artifacts: (holders.get(digest)?.artifacts ?? 0) + items.length });
    }
  }
  return holders
    .values()
    .reduce((sum, { size, artifacts }) => sum + size * Math.ceil(artifacts / ARTIFACTS_PER_RUN), 0);
}

function measure(groups: readonly PackingGroup<string>[]) {
  const since = performance.now();
  const batches = packGroups(groups, { artifacts: ARTIFACTS_PER_RUN, bytes: null }, (item) => item);
  const seconds = (performance.now() - since) / 1000;
  const bytes = batches.reduce((sum, batch) => sum + batch.bytes, 0);
  const naive = naiveBytes(groups, ARTIFACTS_PER_RUN);
  const lowerBound = distinctBytes(groups);
  return {
    artifacts: batches.reduce((sum, { items }) => sum + items.length, 0),
    batches: batches.length,
    naiveBatches: naiveBatches(groups, ARTIFACTS_PER_RUN).length,
    bytes,
    naiveBytes: naive,
    lowerBoundBytes: lowerBound,
    savedPercent: round(100 * (1 - bytes / naive), 1),
    overLowerBoundPercent: round(100 * (bytes / lowerBound - 1), 1),
    mostSavablePercent: round(100 * (1 - boundAtLimit(groups) / naive), 1),
    seconds: round(seconds),
  };
}

/**
 * Transferred bytes of batches that are formed by shared content, relative to batches of 50 in listing order. The figures
 * without a prefix are for bases with a security release every seven tags. `fixedBases`: bases that never change, so that less
 * can be saved.
 */
export function benchBatches() {
  const measured = measure(registry({ repositories: 100, baseEveryTags: 7, referrers: false }));
  const fixedBases = measure(registry({ repositories: 100, baseEveryTags: null, referrers: false }));
  const signed = measure(registry({ repositories: 100, baseEveryTags: 7, referrers: true }));
  const large = measure(registry({ repositories: 500, baseEveryTags: 7, referrers: false }));
  return {
    ...measured,
    fixedBasesSavedPercent: fixedBases.savedPercent,
    fixedBasesMostSavablePercent: fixedBases.mostSavablePercent,
    signedArtifacts: signed.artifacts,
    signedBatches: signed.batches,
    signedNaiveBatches: signed.naiveBatches,
    signedSavedPercent: signed.savedPercent,
    signedMostSavablePercent: signed.mostSavablePercent,
    largeArtifacts: large.artifacts,
    largeBatches: large.batches,
    largeSavedPercent: large.savedPercent,
    largeSeconds: large.seconds,
  };
}

/** Figures of the bench. */
export type BatchesFigures = ReturnType<typeof benchBatches>;
