import { afterEach, beforeEach } from '@jest/globals';
import { openGround, type Ground } from './ground.ts';

/** Gives every test two clouds of its own that nothing is set up in. */
export function eachGround(): () => Ground {
  let ground: Ground;
  beforeEach(async () => {
    ground = await openGround();
  });
  afterEach(async () => {
    await ground.close();
  });
  return () => ground;
}
