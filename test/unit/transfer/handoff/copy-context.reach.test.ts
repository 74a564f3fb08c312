import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { createServerCopyProbe } from '../../../../src/transfer/handoff/copy-context.ts';

const after =
  (turns: number, outcome: () => boolean, asked: () => void = () => undefined) =>
  async (): Promise<boolean> => {
    asked();
    for (let left = turns; left > 0; left -= 1) await turn();
    return outcome();
  };

describe('reach', () => {
  it.each([true, false])('is found out once for all, at a time and later: %s', async (open) => {
    const reach = createServerCopyProbe();
    let probes = 0;
    const probe = after(
      3,
      () => open,
      () => (probes += 1),
    );
    const all = await Promise.all(Array.from({ length: 20 }, () => reach.isOpen(probe)));

    expect(new Set([...all, await reach.isOpen(probe)])).toEqual(new Set([open]));
    expect(probes).toBe(1);
  });

  it('is not decided by a probe that fails: the next one probes, one at a time', async () => {
    const reach = createServerCopyProbe();
    let probes = 0;
    let now = 0;
    let most = 0;
    const probe = async (): Promise<boolean> => {
      const mine = (probes += 1);
      most = Math.max(most, (now += 1));
      for (let left = 3; left > 0; left -= 1) await turn();
      now -= 1;
      if (mine < 4) throw new Error(`probe ${mine}`);
      return true;
    };
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => reach.isOpen(probe)));

    expect(outcomes.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as Error).message))).toEqual([
      'probe 1',
      'probe 2',
      'probe 3',
      true,
      true,
      true,
    ]);
    expect([probes, most]).toEqual([4, 1]);
  });

  it('waits for a probe in flight without asking again', async () => {
    const reach = createServerCopyProbe();
    const first = reach.isOpen(after(5, () => false));
    const second = reach.isOpen(after(0, () => true));

    expect(await Promise.all([first, second])).toEqual([false, false]);
  });
});
