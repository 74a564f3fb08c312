/**
 * Puts parcels in a row in which those that share content stand together: always the one next that shares most with the
 * batch that is being filled, and at the start of a batch the one that shares most with the batch before.
 * What each parcel shares with the batch is kept up to date share by share; no two parcels are ever compared.
 */
import { withinLimits, type GroupSizes, type PackLimits } from './packing-group.ts';

interface Walk {
  readonly loads: GroupSizes;
  readonly limits: PackLimits;
  readonly row: number[];
  /** 1 for every parcel that is in the row. */
  readonly placed: Uint8Array;
  /** Which parcels hold each share; of those that are placed, some have been dropped. */
  readonly holders: (readonly number[])[];
  /** What each parcel has in common with the batch, bytes. */
  readonly common: Float64Array;
  /** Every parcel that has something in common with the batch. */
  near: number[];
  /** Before this one all are placed. */
  first: number;
  batch: { readonly shares: Set<number>; artifacts: number; bytes: number };
}

/** The order in which parcels are best cut into batches, as places in `loads.all`. */
export function orderBySharedContent(loads: GroupSizes, limits: PackLimits): readonly number[] {
  const walk = startWalk(loads, limits);
  while (walk.row.length < loads.all.length) {
    const next = mostShared(walk, true) ?? firstFitting(walk);
    if (next === null) {
      turnToNextBatch(walk);
    } else {
      place(walk, next);
    }
  }
  return walk.row;
}

const emptyBatch = () => ({ shares: new Set<number>(), artifacts: 0, bytes: 0 });

const startWalk = (loads: GroupSizes, limits: PackLimits): Walk => ({
  loads,
  limits,
  row: [],
  placed: new Uint8Array(loads.all.length),
  holders: loads.shares.map(({ holders }) => holders),
  common: new Float64Array(loads.all.length),
  near: [],
  first: 0,
  batch: emptyBatch(),
});

function turnToNextBatch(walk: Walk): void {
  const next = mostShared(walk, false);
  for (const index of walk.near) {
    walk.common[index] = 0;
  }
  walk.near = [];
  walk.batch = emptyBatch();
  if (next !== null) {
    place(walk, next);
  }
}

/**
 * The parcel that shares most with the batch, the first of equals; null when none shares anything.
 * @param fitting looks only at what the batch has room for
 */
function mostShared(walk: Walk, fitting: boolean): number | null {
  let best: number | null = null;
  let most = 0;
  for (const index of walk.near) {
    const common = walk.common[index] ?? 0;
    const better = common > most || (common === most && best !== null && index < best);
    if (better && walk.placed[index] === 0 && (!fitting || fits(walk, index))) {
      best = index;
      most = common;
    }
  }
  return best;
}

function firstFitting(walk: Walk): number | null {
  while (walk.placed[walk.first] === 1) {
    walk.first += 1;
  }
  for (let index = walk.first; index < walk.loads.all.length; index += 1) {
    if (walk.placed[index] === 0 && fits(walk, index)) {
      return index;
    }
  }
  return null;
}

function fits({ loads, limits, batch, common }: Walk, index: number): boolean {
  const load = loads.all[index];
  const added = (load?.bytes ?? 0) - (common[index] ?? 0);
  return withinLimits(limits, batch.artifacts + (load?.artifacts ?? 0), batch.bytes + added);
}

function place(walk: Walk, index: number): void {
  const { loads, row, placed, batch } = walk;
  const load = loads.all[index];
  row.push(index);
  placed[index] = 1;
  batch.artifacts += load?.artifacts ?? 0;
  batch.bytes += load?.ownBytes ?? 0;
  for (const share of load?.shares ?? []) {
    if (!batch.shares.has(share)) {
      batch.shares.add(share);
      addShare(walk, share);
    }
  }
}

function addShare(walk: Walk, share: number): void {
  const { common, placed, holders, batch } = walk;
  const bytes = walk.loads.shares[share]?.bytes ?? 0;
  batch.bytes += bytes;
  const waiting = (holders[share] ?? []).filter((index) => placed[index] === 0);
  holders[share] = waiting;
  for (const index of waiting) {
    const before = common[index] ?? 0;
    common[index] = before + bytes;
    if (before === 0) {
      walk.near.push(index);
    }
  }
}
