import { describe, expect, it } from '@jest/globals';
import { parseLog, type Commit } from '../../../scripts/release/commits.ts';
import { releaseNotes } from '../../../scripts/release/notes.ts';
import { bundleSbom } from '../../../scripts/release/sbom.ts';
import { leastVersion, versionFindings } from '../../../scripts/release/version.ts';

const SHA = '0123456789abcdef0123456789abcdef01234567';

const log = (...commits: readonly (readonly [subject: string, body?: string])[]): string =>
  commits.map(([subject, body = '']) => `${SHA}\u001f${subject}\u001f${body}\u001e\n`).join('');

const commits = (...subjects: readonly string[]): readonly Commit[] =>
  parseLog(log(...subjects.map((s) => [s] as const)));

describe('parseLog', () => {
  it('reads type, scope and summary', () => {
    expect(commits('feat(setup): renew a SAS: daily', 'fix: keep it')).toEqual([
      { sha: SHA, type: 'feat', scope: 'setup', summary: 'renew a SAS: daily', breaking: null },
      { sha: SHA, type: 'fix', scope: null, summary: 'keep it', breaking: null },
    ]);
  });

  it('keeps a subject without the form', () => {
    expect(commits('Merge of something')).toEqual([
      { sha: SHA, type: null, scope: null, summary: 'Merge of something', breaking: null },
    ]);
  });

  it.each([
    { name: 'a bang', subject: 'feat!: drop node 20', body: '', says: 'drop node 20' },
    { name: 'a footer', subject: 'feat: a', body: 'Why.\n\nBREAKING CHANGE: `b` is\ngone', says: '`b` is gone' },
    {
      name: 'a footer before another',
      subject: 'feat(x)!: a',
      body: 'Why.\n\nBREAKING-CHANGE: b is gone\nReviewed-by: c',
      says: 'b is gone',
    },
  ])('recognizes breaking changes by $name', ({ subject, body, says }) => {
    expect(parseLog(log([subject, body]))[0]?.breaking).toBe(says);
  });

  it('finds nothing in an empty log', () => {
    expect(parseLog('')).toEqual([]);
  });
});

describe('leastVersion', () => {
  it.each([
    ['1.2.3', 'fix: a', '1.2.4'],
    ['1.2.3', 'docs: a', '1.2.4'],
    ['1.2.3', 'feat: a', '1.3.0'],
    ['1.2.3', 'fix!: a', '2.0.0'],
  ])('after %s, "%s" uses the scheme %s', (previous, subject, least) => {
    expect(leastVersion(previous, commits('test: b', subject))).toBe(least);
  });
});

describe('versionFindings', () => {
  const changelog = '## [1.3.0] - 2026-01-31\n\n## [1.2.3] - 2025-12-31\n';
  const state = { previous: '1.2.3', manifestVersion: '1.3.0', changelog };

  it('accepts a version that matches everything', () => {
    expect(versionFindings('1.3.0', state, commits('feat: a'))).toEqual([]);
    expect(versionFindings('1.3.0', { ...state, previous: null }, [])).toEqual([]);
  });

  it.each(['v1.3.0', '1.3', '1.3.0-rc.1', '01.3.0', '1.3.0 ', '1.3.0; rm -rf ~', ''])('refuses "%s"', (version) => {
    expect(versionFindings(version, state, commits('feat: a'))).toEqual([`${version} is not a version like 1.2.3`]);
  });

  it('rejects a version with an unused major tag', () => {
    const young = { previous: null, manifestVersion: '0.1.0', changelog: '## [0.1.0] - 2026-01-31\n' };
    expect(versionFindings('0.1.0', young, commits('feat: a'))).toEqual([
      '0.1.0 would move the unused tag v0: releases start with 1.0.0',
    ]);
    const first = { ...young, manifestVersion: '1.0.0', changelog: '## [1.0.0] - 2026-01-31\n' };
    expect(versionFindings('1.0.0', first, commits('feat: a'))).toEqual([]);
  });

  it('refuses a version that package.json does not have', () => {
    expect(versionFindings('1.3.0', { ...state, manifestVersion: '1.2.3' }, commits('feat: a'))).toEqual([
      'package.json has version 1.2.3, not 1.3.0',
    ]);
  });

  it.each(['', '## [1.3.0] - unreleased', '## [1x3.0] - 2026-01-31'])('refuses a changelog with "%s"', (changelog) => {
    expect(versionFindings('1.3.0', { ...state, changelog }, commits('feat: a'))).toEqual([
      'CHANGELOG.md has no "## [1.3.0] - " with a date',
    ]);
  });

  it('rejects a version that is too high for its commits', () => {
    expect(versionFindings('1.3.0', state, commits('feat!: a'))).toEqual([
      'what was committed since 1.2.3 asks for 2.0.0 or later, not 1.3.0',
    ]);
  });

  it.each(['1.3.0', '1.10.0'])('refuses a version that does not come after %s', (previous) => {
    expect(versionFindings('1.3.0', { ...state, previous }, commits('fix: a'))).toEqual([
      `1.3.0 does not come after ${previous}`,
    ]);
  });

  it('rejects a release without changes', () => {
    expect(versionFindings('1.3.0', state, [])).toEqual(['nothing was committed since 1.2.3']);
  });
});

describe('releaseNotes', () => {
  const release = { version: '1.3.0', previous: '1.2.3', repository: 'owner/name', sha: SHA };

  it('lists breaking changes first, then changes that users notice, and counts the others', () => {
    const notes = releaseNotes(release, commits('test: a', 'fix(setup): b', 'feat!: c', 'feat: d', 'odd'));

    expect(notes.slice(0, notes.indexOf('## Pin'))).toBe(
      [
        '## What breaks\n\n- c (0123456)',
        '## New\n\n- c (0123456)\n- d (0123456)',
        '## Fixed\n\n- **setup**: b (0123456)',
        '2 more commits that users do not notice.\n\n',
      ].join('\n\n'),
    );
  });

  it('describes what to pin and how to verify it', () => {
    const notes = releaseNotes(release, []);

    expect(notes).toContain(`- uses: owner/name@${SHA} # v1.3.0`);
    expect(notes).toContain('gh attestation verify dist/index.js --repo owner/name');
  });

  it('contains no mentions and no HTML', () => {
    const notes = releaseNotes(release, commits('feat: thank @octocat <img src=x>'));

    expect(notes).toContain('- thank @<!-- -->octocat &lt;img src=x>');
  });
});

describe('bundleSbom', () => {
  const component = (name: string, more: object = {}) => ({
    'bom-ref': `${name}@1.0.0`,
    name,
    version: '1.0.0',
    ...more,
  });
  const sbom = {
    specVersion: '1.5',
    components: [
      component('a', {
        scope: 'optional',
        properties: [
          { name: 'cdx:npm:package:development', value: 'true' },
          { name: 'other', value: 'kept' },
        ],
      }),
      component('b', { version: '2.0.0', 'bom-ref': 'b@2.0.0' }),
      component('b'),
      component('jest'),
    ],
    dependencies: [
      { ref: 'own@0.1.0', dependsOn: ['a@1.0.0', 'jest@1.0.0'] },
      { ref: 'a@1.0.0', dependsOn: ['b@1.0.0', 'b@2.0.0'] },
      { ref: 'b@1.0.0' },
      { ref: 'jest@1.0.0', dependsOn: ['a@1.0.0'] },
    ],
  };

  it('keeps only the packages of the bundle, in their bundled versions', () => {
    expect(bundleSbom(sbom, [component('a'), component('b')])).toEqual({
      specVersion: '1.5',
      components: [
        component('a', { scope: 'required', properties: [{ name: 'other', value: 'kept' }] }),
        component('b', { scope: 'required', properties: [] }),
      ],
      dependencies: [
        { ref: 'own@0.1.0', dependsOn: ['a@1.0.0'] },
        { ref: 'a@1.0.0', dependsOn: ['b@1.0.0'] },
        { ref: 'b@1.0.0', dependsOn: [] },
      ],
    });
  });

  it('rejects a page without a package of the bundle', () => {
    expect(() => bundleSbom(sbom, [component('c')])).toThrow('not in the SBOM: c@1.0.0');
  });
});
