import type { Descriptor } from '../../src/transfer/model/artifact.ts';
import { distinctBytes, naiveBatches, naiveBytes, packGroups } from '../../src/transfer/plan/batching/pack.ts';
import type { PackingGroup } from '../../src/transfer/plan/batching/packing-group.ts';
import { randomNumbers } from '../sandbox/random.ts';
import { round } from './measure.ts';

const MB = 1_000_000;
const ARTIFACTS_PER_RUN = 50;
const TAGS = 20;

/**
 * What three common bases weigh, compressed, MB, as layers: a slim distribution with little on it, one with an interpreter,
 * one with a large runtime. Together 30, 80 and 130: what bases are said to weigh, with nothing measured behind it.
 */
const BASES = [
  [28, 2],
  [29, 4, 45, 2],
  [48, 24, 46, 12],
];
/** A repository's dependencies, one layer that changes every 7 tags or so, MB. */
const DEPENDENCIES = { least: 10, most: 60, everyTags: 7 };
/** What changes with every tag, MB. */
const APP = { least: 1, most: 8 };
const CONFIG_BYTES = 8_000;
const MANIFEST_BYTES = 2_000;
/** Bytes of a signature (its manifest included), and of an SBOM. */
const REFERRERS = { signature: 3_000, sbom: 150_000 };

interface Model {
  readonly repositories: number;
  /** A base gets a security release every so many tags, and a build takes the newest; null: it never changes. */
  readonly baseEveryTags: number | null;
  /** Every image is signed and has an SBOM. */
  readonly referrers: boolean;
}

/** The tags of one repository. */
function repositoryTags(name: string, model: Model, random: () => number): readonly PackingGroup<string>[] {
  const between = ({ least, most }: { least: number; most: number }) =>
    Math.round((least + (most - least) * random()) * MB);
  const base = Math.floor(random() * BASES.length);
  // Repositories are not built on the same day: each has the releases of its base at other tags.
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

/** A registry as it lists itself: repositories by name, and tags by name too (v1, v10, v11 … v2). */
function registry(model: Model): readonly PackingGroup<string>[] {
  const random = randomNumbers(3);
  const pushed = Array.from({ length: model.repositories }, (_, index) =>
    repositoryTags(`team/service-${String(index).padStart(3, '0')}`, model, random),
  ).flat();
  return pushed.toSorted(({ items: [a = ''] }, { items: [b = ''] }) => (a < b ? -1 : 1));
}

/**
 * Fewer bytes than this no batches of 50 come to: a content that so many artifacts hold is in at least a fiftieth as many
 * blobs. Nothing says that all contents can be that lucky at once.
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
 * Transferred bytes of batches that are formed by shared content, against batches of 50 in listing order. The
 * figures without a prefix are of bases that get a security release every seven tags, as bases do; `fixedBases`: they never
 * change, so that there is less to save.
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
