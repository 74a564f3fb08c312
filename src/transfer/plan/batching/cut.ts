/** Cuts a row of parcels into batches where it costs least. */
import { blobBytes, withinLimits, type GroupSizes, type PackLimits } from './packing-group.ts';

/** A row in batches. */
export interface CutOrder {
  /** Places in `loads.all`. */
  readonly batches: readonly (readonly number[])[];
  /** Of all blobs together. */
  readonly bytes: number;
}

/**
 * A run costs a minute or so of the service's time, so there may be only so many more than the fewest that this row allows.
 * One in twenty is enough for cuts to fall between groups that share a layer instead of through them.
 */
const MORE_BATCHES = 1 / 20;

/** Halvings of the price: enough to meet it within a millionth of all bytes. */
const STEPS = 20;

/** The cut with the fewest bytes among those with few batches. A batch is a piece of the row. */
export function cutOrder(row: readonly number[], loads: GroupSizes, limits: PackLimits): CutOrder {
  const sizes = pieceBytes(row, loads, limits);
  // No saving can outweigh this price of a batch, so the fewest batches come out.
  let high = loads.all.reduce((sum, { bytes }) => sum + blobBytes(bytes), 0);
  let best = cutAtPrice(row, sizes, high);
  const most = Math.floor(best.batches.length * (1 + MORE_BATCHES));
  let low = 0;
  for (let step = 0; step < STEPS && best.batches.length < most && high - low > 1; step += 1) {
    const price = step === 0 ? 0 : (low + high) / 2;
    const cut = cutAtPrice(row, sizes, price);
    if (cut.batches.length > most) {
      low = price;
    } else {
      best = cut;
      high = price;
    }
  }
  return best;
}

/** Bytes of the blob of every piece within the limits: by where in the row it begins, then by how long it is. */
function pieceBytes(row: readonly number[], loads: GroupSizes, limits: PackLimits): readonly (readonly number[])[] {
  const lastSeen = new Int32Array(loads.shares.length).fill(-1);
  return row.map((_, start) => {
    const sizes: number[] = [];
    let artifacts = 0;
    let bytes = 0;
    for (let end = start; end < row.length; end += 1) {
      const load = loads.all[row[end] ?? 0];
      artifacts += load?.artifacts ?? 0;
      bytes += load?.ownBytes ?? 0;
      for (const share of load?.shares ?? []) {
        bytes += lastSeen[share] === start ? 0 : (loads.shares[share]?.bytes ?? 0);
        lastSeen[share] = start;
      }
      if (!withinLimits(limits, artifacts, bytes)) {
        break;
      }
      sizes.push(blobBytes(bytes));
    }
    return sizes;
  });
}

/** The cut that costs least when every batch costs its bytes and a price: the shortest path along the row. */
function cutAtPrice(row: readonly number[], sizes: readonly (readonly number[])[], price: number): CutOrder {
  const costs = new Float64Array(row.length + 1).fill(Infinity);
  const starts = new Int32Array(row.length + 1);
  costs[0] = 0;
  for (const [start, pieces] of sizes.entries()) {
    const before = (costs[start] ?? 0) + price;
    let end = start;
    for (const bytes of pieces) {
      end += 1;
      if (before + bytes < (costs[end] ?? 0)) {
        costs[end] = before + bytes;
        starts[end] = start;
      }
    }
  }
  return followStarts(row, sizes, starts);
}

function followStarts(row: readonly number[], sizes: readonly (readonly number[])[], starts: Int32Array): CutOrder {
  const batches: (readonly number[])[] = [];
  let bytes = 0;
  for (let end = row.length; end > 0; end = starts[end] ?? 0) {
    const start = starts[end] ?? 0;
    batches.push(row.slice(start, end));
    bytes += sizes[start]?.[end - start - 1] ?? 0;
  }
  return { batches, bytes };
}
