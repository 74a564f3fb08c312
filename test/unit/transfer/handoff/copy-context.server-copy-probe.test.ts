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

describe('createServerCopyProbe', () => {
  it.each([true, false])('probes once for concurrent and later callers: %s', async (open) => {
    const serverCopyProbe = createServerCopyProbe();
    let probes = 0;
    const probe = after(
      3,
      () => open,
      () => (probes += 1),
    );
    const all = await Promise.all(Array.from({ length: 20 }, () => serverCopyProbe.canRead(probe)));

    expect(new Set([...all, await serverCopyProbe.canRead(probe)])).toEqual(new Set([open]));
    expect(probes).toBe(1);
  });

  it('lets the next caller probe after a probe that throws, one at a time', async () => {
    const serverCopyProbe = createServerCopyProbe();
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
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => serverCopyProbe.canRead(probe)));

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

  it('waits for a probe in progress', async () => {
    const serverCopyProbe = createServerCopyProbe();
    const first = serverCopyProbe.canRead(after(5, () => false));
    const second = serverCopyProbe.canRead(after(0, () => true));

    expect(await Promise.all([first, second])).toEqual([false, false]);
  });
});
