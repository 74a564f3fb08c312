/** How sync.yml maintains its issue, with a `gh` that only records its arguments. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runScript, scriptOf, type ScriptResult } from './script.ts';

const ISSUE = scriptOf('sync.yml', 'Open, update or close the issue');

/** Returns the open issues, and the URL of a new one. */
const GH = `#!/usr/bin/env bash
case "$1 $2" in
  'issue list') cat "$OPEN" ;;
  *)
    echo "$*" >> "$ASKED"
    for word in "$@"; do if [ -f "$word" ]; then cat "$word" >> "$ASKED"; fi; done
    if [ "$2" = create ]; then echo https://github.com/contoso/shop/issues/7; fi
    ;;
esac
`;

const PROBLEM = {
  id: 'ACRT5007',
  title: 'A blob is too large',
  message: 'team/api@sha256:0a\n~~~~\nis **too** large',
  remedy: 'Lower the limit.',
};
const OURS = { number: 5, title: 'Transfer nightly fails', author: { is_bot: true, login: 'app/github-actions' } };
const ANOTHER_BOTS = { ...OURS, number: 2, author: { is_bot: true, login: 'app/renovate' } };
const FOREIGN = { number: 4, title: 'Transfer nightly fails', author: { is_bot: false, login: 'octocat' } };
const OTHER = { ...OURS, number: 3, title: 'Transfer nightly-gov fails' };

let folder: string;
let turns = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'acr-transfer-issue-'));
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin', 'gh'), GH);
  chmodSync(join(folder, 'bin', 'gh'), 0o755);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the step after a sync with this result and these open issues. */
async function updateIssue(
  result: string,
  open: readonly object[],
  problems: readonly object[] = [],
): Promise<ScriptResult & { readonly asked: string }> {
  turns += 1;
  const job = join(folder, `run-${turns}`);
  const [list, asked] = [join(folder, `open-${turns}.json`), join(folder, `asked-${turns}.txt`)];
  writeFileSync(list, JSON.stringify(open));
  const done = await runScript(ISSUE, job, {
    PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
    OPEN: list,
    ASKED: asked,
    GITHUB_SERVER_URL: 'https://github.com',
    TITLE: 'Transfer nightly fails',
    RESULT: result,
    PROBLEMS: JSON.stringify(problems),
    RUN: 'https://github.com/contoso/shop/actions/runs/1',
    ERRORS: 'https://example.org/errors.md',
  });
  expect(done).toMatchObject({ exitCode: 0 });
  return { ...done, asked: existsSync(asked) ? readFileSync(asked, 'utf8') : '' };
}

describe('the issue of a scheduled transfer', () => {
  it("doesn't exist while transfers succeed", async () => {
    const { asked, outputs } = await updateIssue('success', [FOREIGN, ANOTHER_BOTS, OTHER]);

    expect(asked).toBe('');
    expect(outputs).toEqual({});
  });

  it('is opened after the first failure, with the remedy', async () => {
    const { asked, outputs } = await updateIssue('failure', [FOREIGN, ANOTHER_BOTS, OTHER], [PROBLEM]);

    expect(asked).toMatch(/^issue create --title Transfer nightly fails --body-file /);
    expect(asked).toContain('### [ACRT5007](https://example.org/errors.md#acrt5007) A blob is too large');
    expect(asked).toContain('→ Lower the limit.');
    expect(outputs).toEqual({ number: '7' });
  });

  it('keeps untrusted text inside its fence', async () => {
    const { asked } = await updateIssue('failure', [], [PROBLEM]);

    expect(asked.match(/^~~~~/gm)).toHaveLength(2);
  });

  it('gets a comment for further failures, also for those without a message', async () => {
    const { asked, outputs } = await updateIssue('cancelled', [OTHER, OURS, FOREIGN]);

    expect(asked).toMatch(/^issue comment 5 --body-file /);
    expect(asked).toContain('The run ended without a report. See its log.');
    expect(outputs).toEqual({ number: '5' });
  });

  it('is closed after a successful transfer', async () => {
    const { asked, outputs } = await updateIssue('success', [OURS, FOREIGN]);

    expect(asked).toBe(
      'issue close 5 --comment The transfer succeeded again: https://github.com/contoso/shop/actions/runs/1\n',
    );
    expect(outputs).toEqual({});
  });
});
