import { describe, expect, it } from '@jest/globals';
import type { CopyContext } from '../../../../src/transfer/handoff/copy-context.ts';
import { CONTENT, expectedOf, scene } from './copy-blob.fixture.ts';

describe('the look at both ends of a blob', () => {
  it.each([
    { name: 'counts against the limit of connections', reach: true, counted: 1 },
    { name: 'is free at a directory, which has none', reach: null, counted: 0 },
  ])('$name', async ({ reach, counted }) => {
    const { cross, handOff } = scene({ at: { bytes: CONTENT }, reach });
    let looks = 0;
    const crossing: CopyContext = {
      ...cross(),
      looks: (look) => {
        looks += 1;
        return look();
      },
    };

    expect(await handOff(expectedOf(CONTENT), { crossing })).toMatchObject({ outcome: 'done' });
    expect(looks).toBe(counted);
  });
});
