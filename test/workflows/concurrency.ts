/** Concurrency groups of jobs and called workflows in a run: one member runs, and one is pending. */
import type { Concurrency } from './result.ts';

/** The membership of a job in a group. */
export interface Turn {
  /** Aborted if another run takes its place. */
  readonly displaced: AbortSignal;
  readonly leave: () => void;
}

interface Waiting {
  readonly start: (turn: Turn | string) => void;
}

interface Group {
  running: AbortController | undefined;
  readonly waiting: Waiting[];
}

/** The groups of a run. GitHub compares their names case-insensitively. */
export type Turns = Map<string, Group>;

/** Groups of the callers of a job, by name, and their members. */
export type Held = ReadonlyMap<string, string>;

const NO_TURN: Turn = { displaced: new AbortController().signal, leave: () => undefined };

function occupy(group: Group): Turn {
  const controller = new AbortController();
  group.running = controller;
  return {
    displaced: controller.signal,
    leave: () => {
      group.running = undefined;
      const next = group.waiting.shift();
      next?.start(occupy(group));
    },
  };
}

/** The newest run becomes pending, and replaces the run that was pending before. */
function queue(group: Group, { group: name, cancelInProgress, keepsPending }: Concurrency): Promise<Turn | string> {
  if (cancelInProgress) group.running?.abort();
  const displaced = keepsPending ? [] : group.waiting.splice(0);
  for (const { start } of displaced) {
    start(`Canceling since a higher priority waiting request for '${name}' exists`);
  }
  return new Promise((start) => {
    group.waiting.push({ start });
  });
}

/**
 * Waits until a group is free.
 * @param held the groups of its callers, which can't become free
 * @param name of the waiting job
 * @returns the membership, or the reason for its cancellation
 */
export async function takeTurn(
  turns: Turns,
  held: Held,
  concurrency: Concurrency | undefined,
  name: string,
): Promise<Turn | string> {
  if (concurrency === undefined) return NO_TURN;
  const key = concurrency.group.toLowerCase();
  const holder = held.get(key);
  if (holder !== undefined) {
    return `Canceling since a deadlock for concurrency group '${concurrency.group}' was detected between '${holder}' and '${name}'`;
  }
  const group = turns.get(key) ?? { running: undefined, waiting: [] };
  turns.set(key, group);
  return group.running === undefined ? occupy(group) : queue(group, concurrency);
}

/** Groups that are occupied for nested jobs. */
export const holding = (held: Held, concurrency: Concurrency | undefined, name: string): Held =>
  concurrency === undefined ? held : new Map([...held, [concurrency.group.toLowerCase(), name]]);
