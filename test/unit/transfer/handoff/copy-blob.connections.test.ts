import { describe, expect, it } from '@jest/globals';
import type { CopyContext } from '../../../../src/transfer/handoff/copy-context.ts';
import { CONTENT, expectedOf, scene } from './copy-blob.fixture.ts';

describe('the lookup of a blob in both containers', () => {
  it.each([
    { name: 'counts against the limit of connections', reach: true, counted: 1 },
    { name: 'is unlimited for a directory, which needs no connection', reach: null, counted: 0 },
  ])('$name', async ({ reach, counted }) => {
    const { cross, handOff } = scene({ at: { bytes: CONTENT }, reach });
    let lookups = 0;
    const copyContext: CopyContext = {
      ...cross(),
      lookups: (look) => {
        lookups += 1;
        return look();
      },
    };

    expect(await handOff(expectedOf(CONTENT), { copyContext })).toMatchObject({ outcome: 'done' });
    expect(lookups).toBe(counted);
  });
});
