import { expect, it } from '@jest/globals';
import { handOffMany } from './many.fixture.ts';

it('all blobs together borrow no more than the flow admits, and give everything back', async () => {
  const { lentAtMost, allocated, right } = await handOffMany(24);

  expect(right).toBe(true);
  expect(lentAtMost).toBeGreaterThan(4 * 256 * 1024 - 1);
  expect(lentAtMost).toBeLessThanOrEqual(40 * 1024 ** 2);
  expect(allocated).toBeLessThanOrEqual(lentAtMost);
});
