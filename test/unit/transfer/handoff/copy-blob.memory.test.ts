import { expect, it } from '@jest/globals';
import { handOffMany } from './many.fixture.ts';

it('all blobs together use no more memory than the scheduler admits, and release all of it', async () => {
  const { maxInUse, allocated, intact } = await handOffMany(24);

  expect(intact).toBe(true);
  expect(maxInUse).toBeGreaterThan(4 * 256 * 1024 - 1);
  expect(maxInUse).toBeLessThanOrEqual(40 * 1024 ** 2);
  expect(allocated).toBeLessThanOrEqual(maxInUse);
});
