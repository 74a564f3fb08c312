import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { listenForCancellation } from '../../src/action/runner/cancellation.ts';

/** Emits a signal event in this process. No signal is sent. */
const emit = (signal: 'SIGINT' | 'SIGTERM'): boolean => process.emit(signal, signal);

let before: Readonly<Record<'SIGINT' | 'SIGTERM', readonly unknown[]>>;

beforeEach(() => {
  before = { SIGINT: process.listeners('SIGINT'), SIGTERM: process.listeners('SIGTERM') };
});

afterEach(() => {
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    for (const listener of process.listeners(name)) {
      if (!before[name].includes(listener)) process.off(name, listener);
    }
  }
});

describe('a step that the runner cancels', () => {
  it('stops immediately, then stops writing, and is overdue last', async () => {
    const order: string[] = [];
    let overdue: () => void = () => undefined;
    const isOverdue = new Promise<void>((resolve) => (overdue = resolve));
    const { signal, ending, canceled } = listenForCancellation(
      60,
      (name) => order.push(name),
      () => {
        order.push('overdue');
        overdue();
      },
    );
    expect([signal.aborted, ending.aborted, canceled()]).toEqual([false, false, false]);
    emit('SIGINT');
    expect([signal.aborted, ending.aborted, canceled()]).toEqual([true, false, true]);
    expect(signal.reason).toMatchObject({ name: 'AbortError', message: 'SIGINT received' });
    emit('SIGTERM');
    await once(ending, 'abort');
    order.push('ending');
    expect(ending.reason).toBe(signal.reason);
    await isOverdue;
    // The second signal has no effect.
    expect(order).toEqual(['SIGINT', 'ending', 'overdue']);
  });
});

describe('a step that reaches its time limit', () => {
  it('stops without being canceled', async () => {
    const { signal, ending, canceled } = listenForCancellation(
      1 / 60_000,
      () => {
        throw new Error('no signal came');
      },
      () => {
        throw new Error('the step is not overdue');
      },
    );
    if (!signal.aborted) await once(signal, 'abort');
    expect(signal.reason).toMatchObject({ name: 'TimeoutError' });
    expect(canceled()).toBe(false);
    await once(ending, 'abort');
    expect(ending.reason).toBe(signal.reason);
  });
});
