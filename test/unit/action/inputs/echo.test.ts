import { describe, expect, it } from '@jest/globals';
import { requestLines, selectionLines } from '../../../../src/action/inputs/echo.ts';
import { GUID, MINIMAL, requestOf, type Inputs } from './request.fixture.ts';

const SECRETS: Inputs = {
  'source-tenant-id': GUID,
  'source-client-id': GUID,
  'source-client-secret': 'top-s3cr3t',
  'source-sas': 'sv=1&sig=top-s3cr3t',
};

describe('requestLines', () => {
  it.each([
    { name: 'mode and name', given: MINIMAL.export, lines: ['mode: export', 'transfer-name: octo-app-77'] },
    {
      name: 'the manifest',
      given: MINIMAL.import,
      lines: ['manifest: octo-app-77.transfer.json, allowed-sources: any'],
    },
    { name: 'names of blobs', given: { ...MINIMAL.handoff, blobs: 'a.tar\nb.tar' }, lines: ['blobs: a.tar, b.tar'] },
    {
      name: 'the comparison and limits',
      given: { ...MINIMAL.full, incremental: 'history', 'max-blob-size': '4GiB' },
      lines: ['incremental: history, include-referrers: true, dry-run: false', 'max-blob-size: 4.0 GiB'],
    },
    {
      name: 'a shard of an existing plan',
      given: { ...MINIMAL.full, artifacts: '', plan: 'plan.json', shard: '2/5', 'on-drift': 'continue' },
      lines: ['plan: plan.json, shard 2/5, on-drift: continue', 'dry-run: false'],
    },
    {
      name: 'sign-in',
      given: { ...MINIMAL.export, 'source-client-id': GUID },
      lines: ['source: azurecloud, sign-in by managed identity'],
    },
  ] as readonly { name: string; given: Inputs; lines: string[] }[])('echo $name', ({ given, lines }) => {
    expect(requestLines(requestOf(given))).toEqual(expect.arrayContaining(lines));
  });

  it('contain no secret', () => {
    const lines = requestLines(requestOf({ ...MINIMAL.export, ...SECRETS })).join('\n');

    expect(lines).not.toContain('top-s3cr3t');
    expect(lines).toMatch(/client secret.*SAS/);
  });
});

describe('selectionLines', () => {
  it('echo the parsed selection, line by line', () => {
    const lines = selectionLines(requestOf({ ...MINIMAL.full, artifacts: 'team/api:v1\n!team/api:*-rc*' }));

    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('team/api');
  });

  it.each([
    { name: 'for an import', given: MINIMAL.import },
    { name: 'for an existing plan', given: { ...MINIMAL.full, artifacts: '', plan: 'plan.json' } },
  ])('are none $name', ({ given }) => {
    expect(selectionLines(requestOf(given))).toEqual([]);
  });

  it('truncate a long selection and count the rest', () => {
    const artifacts = Array.from({ length: 10_000 }, (_, index) => `team/api:v${index}`).join('\n');
    const lines = selectionLines(requestOf({ ...MINIMAL.export, artifacts }));

    expect(lines).toHaveLength(201);
    expect(lines.at(-1)).toBe('… and 9800 more');
  });
});
