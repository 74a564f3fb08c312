/** Each misconfiguration is reported before a run starts, with its remedy. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CHOICE_TEXT, onePerRule } from '../../tier.ts';
import { openBench, type Bench } from './bench.ts';
import type { Misconfiguration } from './case.ts';
import { diagnose } from './diagnose.ts';

/** Declares the tests of some cases on their own clouds. Resolves to those clouds for additional tests. */
export function findEach(cases: readonly Misconfiguration[]): () => Bench {
  let bench: Bench;

  beforeAll(async () => {
    bench = await openBench();
  });
  afterAll(async () => {
    await bench.close();
  });

  const tried = onePerRule(cases, ({ rule, verdict }) => `${rule}, ${verdict}`);

  describe(`a misconfiguration is found before any run is started (${CHOICE_TEXT}):`, () => {
    it.each(tried)('$name', async (item) => {
      const { result, ids, started } = await diagnose(bench, item);

      expect([...ids]).toContain(item.id);
      expect(result.summary).toContain('What to do');
      expect(result.log.replaceAll('%0A', '\n')).toContain(item.remedy);
      expect(result.exitCode).toBe(item.verdict === 'error' ? 1 : 0);
      expect(started).toEqual([]);
    });
  });

  return () => bench;
}
