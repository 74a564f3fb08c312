import { expect, it } from '@jest/globals';
import type { Failures } from '../../verdict.ts';

/**
 * Tests a judgment on both sides of its limits.
 * @param atLimits figures that are just good enough
 * @param violations values that exceed a limit, by their name
 */
export function expectLimits<Figures extends object>(
  judge: (figures: Figures) => Failures,
  atLimits: Figures,
  violations: readonly (readonly [string, Partial<Figures>])[],
): void {
  it('passes at its limits', () => {
    expect(judge(atLimits)).toEqual([]);
  });

  it.each(violations)('fails when it %s', (_, change) => {
    expect(judge({ ...atLimits, ...change })).not.toEqual([]);
  });
}
