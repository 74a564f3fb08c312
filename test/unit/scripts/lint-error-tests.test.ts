import { describe, expect, it } from '@jest/globals';
import { coverageFindings, coverageOf, expectedIds } from '../../../scripts/lint/error-tests.ts';

const E2E = 'test/e2e/runs.test.ts';
const WORKFLOW = 'test/workflows/samples.test.ts';
const SANDBOX = 'test/sandbox/storage.test.ts';
const expecting = (path: string, id: string) => ({ path, text: `expectRed(result, ['${id}']);` });

describe('expectedIds', () => {
  it.each([
    { name: 'an assertion', text: "expectRed(result, ['ACRT4007', 'ACRT4009']);", ids: ['ACRT4007', 'ACRT4009'] },
    { name: 'a row of a table', text: "  { id: 'ACRT4007', url: 'https://x' }, // ACRT4009", ids: ['ACRT4007'] },
    { name: 'a comment', text: '/** Reaches\n * ACRT4007. */\n// ACRT4009', ids: [] },
    { name: 'an assertion that it is absent', text: "expect(ids).not.toContain(\n  'ACRT4007',\n);", ids: [] },
    { name: 'a longer number', text: "'ACRT40071'", ids: [] },
  ])('reads $name', ({ text, ids }) => {
    expect([...expectedIds(text)]).toEqual(ids);
  });
});

describe('coverageOf', () => {
  it('distinguishes tests that run the bundle from tests on the sandbox', () => {
    const files = [E2E, WORKFLOW, SANDBOX, 'test/unit/a.test.ts'].map((path) => expecting(path, 'ACRT4007'));

    expect(coverageOf(['ACRT4007', 'ACRT4009'], files)).toEqual([
      { id: 'ACRT4007', endToEnd: [E2E, WORKFLOW], sandbox: [SANDBOX] },
      { id: 'ACRT4009', endToEnd: [], sandbox: [] },
    ]);
  });
});

describe('coverageFindings', () => {
  const reason = 'It takes a second region of Azure.';
  const findings = (path: string, unreached: Readonly<Record<string, string>>): readonly string[] =>
    coverageFindings(coverageOf(['ACRT4007'], [expecting(path, 'ACRT4007')]), unreached);

  it.each([
    { name: 'a test of a step', path: E2E, unreached: {} },
    { name: 'a test of a workflow', path: WORKFLOW, unreached: {} },
    { name: 'a reason', path: SANDBOX, unreached: { ACRT4007: reason } },
  ])('accepts an id with $name', ({ path, unreached }) => {
    expect(findings(path, unreached)).toEqual([]);
  });

  it.each([
    { name: 'only a test on the sandbox', path: SANDBOX, unreached: {}, found: 'no end-to-end test reaches it' },
    { name: 'a test and an entry in the list', path: E2E, unreached: { ACRT4007: reason }, found: `${E2E} reaches it` },
    { name: 'an entry without a reason', path: SANDBOX, unreached: { ACRT4007: 'todo' }, found: 'gives no reason' },
    {
      name: 'no place in the catalog',
      path: E2E,
      unreached: { ACRT4999: reason },
      found: 'the catalog has no such id',
    },
  ])('reports an id with $name', ({ path, unreached, found }) => {
    expect(findings(path, unreached)).toEqual([expect.stringContaining(found)]);
  });
});
