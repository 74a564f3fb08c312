/** How many blocks are in flight, over all blobs: as many as the way carries, and no more than memory has room for. */
import type { Clock } from '../services.ts';
import { flowLimit } from './flow-limit.ts';

/** A block that was admitted. */
export interface Pass {
  /** It has come down, and goes up now. */
  readonly turn: () => void;
  /** Leaves; bytes that arrived, 0 when they did not. */
  readonly leave: (bytes: number) => void;
}

/** Admits blocks, first come, first served. */
export interface Flow {
  /** @param memory bytes that the block takes on this runner */
  readonly enter: (memory: number) => Promise<Pass>;
  /** The service has asked for less. */
  readonly ease: () => void;
}

/** Of what the whole step may take (256 MB) most is the runtime's own (`npm run bench -- memory`). */
const MOST_MEMORY_BYTES = 40 * 1024 * 1024;

/** Makes the flow of one transfer. */
export function openFlow(clock: Pick<Clock, 'now'>): Flow {
  const limit = flowLimit(clock);
  let inFlight = 0;
  let memoryInFlight = 0;
  let comingDown = 0;
  let hasArrived = false;
  const waiting: { readonly memory: number; readonly admit: () => void }[] = [];

  // All of them at once would first come down together and then go up together, each time with half of the line idle: at the
  // beginning half of them begin, and the others when those turn.
  const mayBegin = (): boolean => hasArrived || comingDown < Math.ceil(limit.blocks() / 2);
  const hasRoom = (memory: number): boolean =>
    inFlight === 0 || (mayBegin() && inFlight < limit.blocks() && memoryInFlight + memory <= MOST_MEMORY_BYTES);

  const admit = (): void => {
    for (let next = waiting[0]; next !== undefined && hasRoom(next.memory); next = waiting[0]) {
      waiting.shift();
      inFlight += 1;
      memoryInFlight += next.memory;
      comingDown += 1;
      next.admit();
    }
  };

  /** What a block does once it is in. */
  const passOf = (memory: number): Pass => {
    let turned = false;
    const turn = (): void => {
      if (!turned) comingDown -= 1;
      turned = true;
      admit();
    };
    return {
      turn,
      leave: (bytes) => {
        inFlight -= 1;
        memoryInFlight -= memory;
        hasArrived ||= bytes > 0;
        limit.left(bytes, waiting.length > 0);
        turn();
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
