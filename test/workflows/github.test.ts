import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { openBench } from './fixture.ts';
import { openGitHub } from './played/github.ts';
import { jobOf } from './result.ts';

const bench = openBench();
const github = openGitHub(join(bench.folder, 'github'));

afterAll(() => {
  bench.close();
});

/** Runs one script with write permission for issues, or with other permissions. */
const script = async (text: string, permissions = '{ issues: write }') => {
  const indented = text.replaceAll(/^(?=.)/gm, '        ');
  const run = await bench.jobs(
    `job:
  runs-on: x
  permissions: ${permissions}
  env: { GH_TOKEN: '\${{ github.token }}', GH_REPO: '\${{ github.repository }}' }
  steps:
    - run: |
${indented}`,
    { path: [github.path] },
  );
  return jobOf(run, 'job');
};

describe('issues', () => {
  it('are opened, logged, and closed', async () => {
    const { log, conclusion } = await script(`
echo broken > body.md
gh issue create --title 'Nightly fails' --body-file body.md
gh issue list --state open --limit 10 --json number,title,author
gh issue comment 1 --body 'again'
gh issue close 1 --comment 'well again'
gh issue list --json number
`);
    expect(conclusion).toBe('success');
    expect(log).toContain('https://github.com/contoso/shop/issues/1');
    expect(log).toContain('[{"number":1,"title":"Nightly fails","author":{"login":"app/github-actions"}}]');
    expect(log.split('\n').at(-1)).toBe('[]');
    expect(github.issues()).toMatchObject([{ body: 'broken\n', state: 'closed', comments: ['again', 'well again'] }]);
  });

  it('require a token with write permission', async () => {
    for (const permissions of ['{}', '{ issues: read }']) {
      const { log, conclusion } = await script('gh issue create --title x --body y', permissions);
      expect(conclusion).toBe('failure');
      expect(log).toContain('Resource not accessible by integration');
    }
    expect((await script('gh issue list --json number', '{ issues: read }')).conclusion).toBe('success');
    expect((await script('GH_TOKEN= gh issue list --json number')).conclusion).toBe('failure');
  });

  it.each(['gh pr list', 'gh issue lock 1', 'gh issue list --search x --json number'])(
    'are not supported by %s',
    async (command) => {
      const { log, conclusion } = await script(command);
      expect(conclusion).toBe('failure');
      expect(log).toContain('this gh is played');
    },
  );
});
