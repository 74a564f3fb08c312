// Against real clouds, and so no part of `npm test`: docs/live-tests.md.
import tiers, { tier } from './jest.config.js';

export default {
  ...tier('live'),
  globalSetup: '<rootDir>/test/live/announce.ts',
  // Each file is a transfer of its own, and waits for the service nearly all of its time.
  maxWorkers: tiers.maxWorkers,
  // A pipeline run of the service takes minutes, and a case has several.
  testTimeout: 60 * 60_000,
};
