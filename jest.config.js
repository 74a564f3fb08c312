// Node 24 strips the types itself, so there is no transformer. Each project is one tier of tests.
const tier = (name, timeoutSeconds) => ({
  displayName: name,
  rootDir: '.',
  testEnvironment: 'node',
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {},
  testTimeout: timeoutSeconds * 1000,
});

export default {
  maxWorkers: 2,
  projects: [tier('unit', 5), tier('sandbox', 60), tier('e2e', 120)],
};
