import { describe, expect, it } from '@jest/globals';
import { requestLines, selectionLines } from '../../../../src/action/inputs/echo.ts';
import { GUID, LEAST, requestOf, type Inputs } from './request.fixture.ts';

const SECRETS: Inputs = {
  'source-tenant-id': GUID,
  'source-client-id': GUID,
  'source-client-secret': 'top-s3cr3t',
  'source-sas': 'sv=1&sig=top-s3cr3t',
};

describe('requestLines', () => {
  it.each([
    { name: 'mode and name', given: LEAST.export, lines: ['mode: export', 'transfer-name: octo-app-77'] },
    { name: 'the manifest', given: LEAST.import, lines: ['manifest: octo-app-77.transfer.json'] },
    { name: 'names of blobs', given: { ...LEAST.handoff, blobs: 'a.tar\nb.tar' }, lines: ['blobs: a.tar, b.tar'] },
    {
      name: 'what is planned, and how',
      given: { ...LEAST.full, incremental: 'history', 'max-blob-size': '4GiB' },
      lines: ['incremental: history, include-referrers: true, dry-run: false', 'max-blob-size: 4.0 GiB'],
    },
    {
      name: 'a plan that was given, and a share of it',
      given: { ...LEAST.full, artifacts: '', plan: 'plan.json', shard: '2/5', 'on-drift': 'continue' },
      lines: ['plan: plan.json, shard 2/5, on-drift: continue', 'dry-run: false'],
    },
    {
      name: 'sign-in',
      given: { ...LEAST.export, 'source-client-id': GUID },
      lines: ['source: azurecloud, sign-in by managed identity'],
    },
  ] as readonly { name: string; given: Inputs; lines: string[] }[])(
    'echo what was understood: $name',
    ({ given, lines }) => {
      expect(requestLines(requestOf(given))).toEqual(expect.arrayContaining(lines));
    },
  );

  it('echo no secret', () => {
    const lines = requestLines(requestOf({ ...LEAST.export, ...SECRETS })).join('\n');

    expect(lines).not.toContain('top-s3cr3t');
    expect(lines).toMatch(/client secret.*SAS/);
  });
});

describe('selectionLines', () => {
  it('echo what was understood, line by line', () => {
    const lines = selectionLines(requestOf({ ...LEAST.full, artifacts: 'team/api:v1\n!team/api:*-rc*' }));

    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('team/api');
  });

  it.each([
    { name: 'of what is imported', given: LEAST.import },
    { name: 'of a plan that was given', given: { ...LEAST.full, artifacts: '', plan: 'plan.json' } },
  ])('are none $name', ({ given }) => {
    expect(selectionLines(requestOf(given))).toEqual([]);
  });

  it('cut a long selection, and say so', () => {
    const artifacts = Array.from({ length: 10_000 }, (_, index) => `team/api:v${index}`).join('\n');
    const lines = selectionLines(requestOf({ ...LEAST.export, artifacts }));

    expect(lines).toHaveLength(201);
    expect(lines.at(-1)).toBe('… and 9800 more');
  });
});
