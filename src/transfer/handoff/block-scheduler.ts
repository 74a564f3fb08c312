/** How many blocks are in flight, over all blobs: as many as the way carries, and no more than memory has room for. */
import type { Clock } from '../ports/clock.ts';
import { flowBalance, flowLimit } from './adaptive-concurrency.ts';

/** A block that was admitted. */
export interface Slot {
  /** It has come down, and goes up now. */
  readonly turn: () => void;
  /** Leaves; bytes that arrived, 0 when they did not. */
  readonly leave: (bytes: number) => void;
}

/** Admits blocks, first come, first served. */
export interface BlockScheduler {
  /** @param memory bytes that the block takes on this runner */
  readonly enter: (memory: number) => Promise<Slot>;
  /** The service has asked for less. */
  readonly ease: () => void;
}

/** Of what the whole step may take (256 MB) most is the runtime's own (`npm run bench -- memory`). */
const MAX_MEMORY_BYTES = 40 * 1024 * 1024;

/** Blocks of so much memory that may be in flight. */
const placesFor = (memory: number, most: number): number => Math.min(most, Math.floor(MAX_MEMORY_BYTES / memory));

/** Makes the flow of one transfer. */
export function createBlockScheduler(clock: Pick<Clock, 'now'>): BlockScheduler {
  const limit = flowLimit(clock);
  const balance = flowBalance();
  let inFlight = 0;
  let memoryInFlight = 0;
  let comingDown = 0;
  const waiting: { readonly memory: number; readonly admit: () => void }[] = [];

  const hasRoom = (memory: number): boolean =>
    inFlight === 0 ||
    (inFlight < limit.blocks() &&
      memoryInFlight + memory <= MAX_MEMORY_BYTES &&
      (memory === 0 || comingDown < balance.mayComeDown(placesFor(memory, limit.blocks()))));

  const admit = (): void => {
    for (let next = waiting[0]; next !== undefined && hasRoom(next.memory); next = waiting[0]) {
      waiting.shift();
      inFlight += 1;
      memoryInFlight += next.memory;
      if (next.memory > 0) comingDown += 1;
      next.admit();
    }
  };

  /** What a block does once it is in. */
  const passOf = (memory: number): Slot => {
    const since = clock.now();
    let turnedAt: number | null = null;
    const turn = (): number => {
      if (turnedAt === null) {
        turnedAt = clock.now();
        if (memory > 0) comingDown -= 1;
        admit();
      }
      return turnedAt;
    };
    return {
      turn,
      leave: (bytes) => {
        const turned = turn();
        inFlight -= 1;
        memoryInFlight -= memory;
        if (bytes > 0 && memory > 0) balance.arrived(turned - since, clock.now() - turned);
        limit.left(bytes, waiting.length > 0);
        admit();
      },
    };
  };

  return {
    enter: (memory) =>
      new Promise((resolve) => {
        const admitThis = (): void => {
          resolve(passOf(memory));
        };
        waiting.push({ memory, admit: admitThis });
        admit();
      }),
    ease: limit.ease,
  };
}
