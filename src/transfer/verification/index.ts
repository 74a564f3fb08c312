/** Verifies what an import brought: the planned artifacts, and nothing else. */
export { checkArrival, mergeArrivals } from './arrival.ts';
export { NOTHING_FOUND } from './compare-list.ts';
export type { ArrivalSide } from './extra-artifacts.ts';
export { TagBaseline } from './tag-baseline.ts';
export { untilReplicated, verifyArtifacts } from './verify.ts';
