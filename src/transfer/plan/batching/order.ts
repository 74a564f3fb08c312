/**
 * Orders packing groups so that groups that share content are next to each other.
 *
 * The next group is the one with the most bytes in common with the batch that is being filled. A new batch starts with the group
 * with the most bytes in common with the batch before. The bytes that each group has in common with the batch are updated for each shared content;
 * no two groups are compared.
 */
import { withinLimits, type GroupSizes, type PackLimits } from './packing-group.ts';

/** The state while groups are ordered. Groups and shared content are indexes in `sizes`. */
interface OrderState {
  readonly sizes: GroupSizes;
  readonly limits: PackLimits;
  readonly order: number[];
  /** 1 for every group that is in the order. */
  readonly placed: Uint8Array;
  /** Groups that have each shared content. Groups that were placed are removed at the next use. */
  readonly holders: (readonly number[])[];
  /** Bytes that each group has in common with the batch. */
  readonly sharedBytes: Float64Array;
  /** Every group with content in common with the batch. */
  candidates: number[];
  /** All groups before this one are placed. */
  firstUnplaced: number;
  batch: { readonly shared: Set<number>; artifacts: number; bytes: number };
}

/** The order in which groups should be cut into batches, as indexes in `sizes.groups`. */
export function orderBySharedContent(sizes: GroupSizes, limits: PackLimits): readonly number[] {
  const state = createState(sizes, limits);
  while (state.order.length < sizes.groups.length) {
    const next = findMostShared(state, true) ?? findFirstFitting(state);
    if (next === null) {
      startNextBatch(state);
    } else {
      placeGroup(state, next);
    }
  }
  return state.order;
}

const emptyBatch = () => ({ shared: new Set<number>(), artifacts: 0, bytes: 0 });

const createState = (sizes: GroupSizes, limits: PackLimits): OrderState => ({
  sizes,
  limits,
  order: [],
  placed: new Uint8Array(sizes.groups.length),
  holders: sizes.shared.map(({ holders }) => holders),
  sharedBytes: new Float64Array(sizes.groups.length),
  candidates: [],
  firstUnplaced: 0,
  batch: emptyBatch(),
});

function startNextBatch(state: OrderState): void {
  const next = findMostShared(state, false);
  for (const index of state.candidates) {
    state.sharedBytes[index] = 0;
  }
  state.candidates = [];
  state.batch = emptyBatch();
  if (next !== null) {
    placeGroup(state, next);
  }
}

/**
 * Finds the group with the most bytes in common with the batch, the first of equals; null if no group has any.
 * @param onlyFitting considers only groups that the batch has room for
 */
function findMostShared(state: OrderState, onlyFitting: boolean): number | null {
  let best: number | null = null;
  let most = 0;
  for (const index of state.candidates) {
    const bytes = state.sharedBytes[index] ?? 0;
    const better = bytes > most || (bytes === most && best !== null && index < best);
    if (better && state.placed[index] === 0 && (!onlyFitting || fits(state, index))) {
      best = index;
      most = bytes;
    }
  }
  return best;
}

function findFirstFitting(state: OrderState): number | null {
  while (state.placed[state.firstUnplaced] === 1) {
    state.firstUnplaced += 1;
  }
  for (let index = state.firstUnplaced; index < state.sizes.groups.length; index += 1) {
    if (state.placed[index] === 0 && fits(state, index)) {
      return index;
    }
  }
  return null;
}

function fits({ sizes, limits, batch, sharedBytes }: OrderState, index: number): boolean {
  const group = sizes.groups[index];
  const added = (group?.bytes ?? 0) - (sharedBytes[index] ?? 0);
  return withinLimits(limits, batch.artifacts + (group?.artifacts ?? 0), batch.bytes + added);
}

function placeGroup(state: OrderState, index: number): void {
  const { sizes, order, placed, batch } = state;
  const group = sizes.groups[index];
  order.push(index);
  placed[index] = 1;
  batch.artifacts += group?.artifacts ?? 0;
  batch.bytes += group?.ownBytes ?? 0;
  for (const shared of group?.shared ?? []) {
    if (!batch.shared.has(shared)) {
      batch.shared.add(shared);
      addSharedContent(state, shared);
    }
  }
}

function addSharedContent(state: OrderState, shared: number): void {
  const { sharedBytes, placed, holders, batch } = state;
  const bytes = state.sizes.shared[shared]?.bytes ?? 0;
  batch.bytes += bytes;
  const unplaced = (holders[shared] ?? []).filter((index) => placed[index] === 0);
  holders[shared] = unplaced;
  for (const index of unplaced) {
    const before = sharedBytes[index] ?? 0;
    sharedBytes[index] = before + bytes;
    if (before === 0) {
      state.candidates.push(index);
    }
  }
}
