/** Cuts an order of packing groups into batches with few bytes. */
import { blobBytes, withinLimits, type GroupSizes, type PackLimits } from './packing-group.ts';

/** An order of packing groups, cut into batches. */
interface CutOrder {
  /** Indexes in `GroupSizes.groups`. */
  readonly batches: readonly (readonly number[])[];
  /** Bytes of all blobs together. */
  readonly bytes: number;
}

/**
 * How many more batches are allowed than the fewest that are possible in this order. A run takes the service about a
 * minute, so more batches cost time. One more in twenty is enough to cut between groups that share a layer.
 */
const MAX_EXTRA_BATCHES = 1 / 20;

/** How often the price range is halved. The last step is less than a millionth of all bytes. */
const MAX_PRICE_STEPS = 20;

/** Finds the cut with the fewest bytes among those with few batches. Each batch is a section of the order. */
export function cutOrder(order: readonly number[], sizes: GroupSizes, limits: PackLimits): CutOrder {
  const sectionBytes = sectionBytesOf(order, sizes, limits);
  // No saving outweighs this price of a batch, so the first cut has the fewest batches.
  let high = sizes.groups.reduce((sum, { bytes }) => sum + blobBytes(bytes), 0);
  let best = cutAtPrice(order, sectionBytes, high);
  const maxBatches = Math.floor(best.batches.length * (1 + MAX_EXTRA_BATCHES));
  let low = 0;
  for (let step = 0; step < MAX_PRICE_STEPS && best.batches.length < maxBatches && high - low > 1; step += 1) {
    const price = step === 0 ? 0 : (low + high) / 2;
    const cut = cutAtPrice(order, sectionBytes, price);
    if (cut.batches.length > maxBatches) {
      low = price;
    } else {
      best = cut;
      high = price;
    }
  }
  return best;
}

/** Bytes of the blob of every section within the limits, by the start of the section and then by its length. */
function sectionBytesOf(
  order: readonly number[],
  sizes: GroupSizes,
  limits: PackLimits,
): readonly (readonly number[])[] {
  const lastSeen = new Int32Array(sizes.shared.length).fill(-1);
  return order.map((_, start) => {
    const sections: number[] = [];
    let artifacts = 0;
    let bytes = 0;
    for (let end = start; end < order.length; end += 1) {
      const group = sizes.groups[order[end] ?? 0];
      artifacts += group?.artifacts ?? 0;
      bytes += group?.ownBytes ?? 0;
      for (const shared of group?.shared ?? []) {
        bytes += lastSeen[shared] === start ? 0 : (sizes.shared[shared]?.bytes ?? 0);
        lastSeen[shared] = start;
      }
      if (!withinLimits(limits, artifacts, bytes)) {
        break;
      }
      sections.push(blobBytes(bytes));
    }
    return sections;
  });
}

/** Finds the cheapest cut if each batch costs its bytes and a price: the shortest path along the order. */
function cutAtPrice(order: readonly number[], sectionBytes: readonly (readonly number[])[], price: number): CutOrder {
  const costs = new Float64Array(order.length + 1).fill(Infinity);
  const starts = new Int32Array(order.length + 1);
  costs[0] = 0;
  for (const [start, sections] of sectionBytes.entries()) {
    const before = (costs[start] ?? 0) + price;
    let end = start;
    for (const bytes of sections) {
      end += 1;
      if (before + bytes < (costs[end] ?? 0)) {
        costs[end] = before + bytes;
        starts[end] = start;
      }
    }
  }
  return cutAtStarts(order, sectionBytes, starts);
}

/** Reads the path back from the end: `starts[end]` is the start of the batch that ends there. */
function cutAtStarts(
  order: readonly number[],
  sectionBytes: readonly (readonly number[])[],
  starts: Int32Array,
): CutOrder {
  const batches: (readonly number[])[] = [];
  let bytes = 0;
  for (let end = order.length; end > 0; end = starts[end] ?? 0) {
    const start = starts[end] ?? 0;
    batches.push(order.slice(start, end));
    bytes += sectionBytes[start]?.[end - start - 1] ?? 0;
  }
  return { batches, bytes };
}
