// Node 24 strips the types itself, so there is no transformer. Each project is one tier of tests.
export const tier = (name) => ({
  displayName: name,
  rootDir: '.',
  testEnvironment: 'node',
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {},
});

export default {
  // More than the processors of the gate: tests with a sandbox wait for most of their time, for backoffs and polling.
  maxWorkers: 6,
  // Jest takes it for all projects alone. It ends tests that hang; no test asserts on time.
  testTimeout: 180_000,
  // Prints the seed and the ten slowest files, and fails in CI if a test is skipped that isn't listed.
  reporters: ['default', '<rootDir>/test/reporter/main.ts'],
  testSequencer: '<rootDir>/jest.sequencer.config.js',
  projects: [tier('unit'), tier('sandbox'), tier('e2e'), tier('workflows')],
};
