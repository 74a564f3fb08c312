import { describe, expect, it } from '@jest/globals';
import { judgeInstall, sortOutput, type InstallFigures } from '../../show/install.ts';

const QUIET = `
> acr-transfer@1.0.0 postinstall
> node scripts/postinstall.js

This machine has Node 20.20.2, so use npm run or npx instead of node: they use Node 24.21.0, which is now in node_modules.

added 694 packages in 5m
`;

const GOOD: InstallFigures = {
  machineNode: 'v20.20.2',
  exitCode: 0,
  ...sortOutput(QUIET),
  megabytes: 440,
  seconds: 60,
};

describe('show -- install', () => {
  it('passes an installation that says one thing about Node', () => {
    expect(GOOD.packages).toBe(694);
    expect(GOOD.nodeLines).toHaveLength(1);
    expect(judgeInstall(GOOD)).toEqual([]);
  });

  it('passes an installation that says nothing about Node', () => {
    expect(judgeInstall({ ...GOOD, ...sortOutput('added 1 packages in 3s\n') })).toEqual([]);
  });

  it('fails the warnings of npm about engines', () => {
    const warning = `npm warn EBADENGINE Unsupported engine {
npm warn EBADENGINE   package: 'azurite@3.37.0',
npm warn EBADENGINE   required: { node: '>=22.0.0', vscode: '^1.39.0' },
npm warn EBADENGINE   current: { node: 'v20.20.2', npm: '11.19.1' }
npm warn EBADENGINE }
`;

    const failures = judgeInstall({ ...GOOD, ...sortOutput(warning + QUIET) });

    expect(failures).toContain('npm ci printed 3 lines about Node');
    expect(failures).toContain('npm ci printed: npm warn EBADENGINE Unsupported engine {');
  });

  it.each([
    { name: 'npm fails', figures: { exitCode: 1 }, says: 'npm ci ended with 1' },
    { name: 'npm is killed', figures: { exitCode: null }, says: 'npm ci ended with null' },
    { name: 'nothing was added', figures: sortOutput(''), says: 'npm ci did not say how many packages it added' },
    {
      name: 'node_modules is large',
      figures: { megabytes: 935 },
      says: 'node_modules takes 935 MiB, and at most 450 are allowed',
    },
    {
      name: 'node_modules was not measured',
      figures: { megabytes: Number.NaN },
      says: 'node_modules takes NaN MiB, and at most 450 are allowed',
    },
    {
      name: 'an install script is not decided about',
      figures: sortOutput(`${QUIET}npm warn install-scripts 3 packages have install scripts`),
      says: 'npm ci printed: npm warn install-scripts 3 packages have install scripts',
    },
  ])('fails if $name', ({ figures, says }) => {
    expect(judgeInstall({ ...GOOD, ...figures })).toEqual([says]);
  });
});
