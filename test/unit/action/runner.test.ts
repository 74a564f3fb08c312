import { describe, expect, it } from '@jest/globals';
import { requestLines } from '../../../src/action/runner.ts';
import { GUID, LEAST, requestOf, type Inputs } from './inputs.fixture.ts';

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
    { name: 'the selection', given: LEAST.full, lines: ['artifacts: 1', '  team/api:v1'] },
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

  it('cut a long selection, and say so', () => {
    const artifacts = Array.from({ length: 10_000 }, (_, index) => `team/api:v${index}`).join('\n');
    const lines = requestLines(requestOf({ ...LEAST.export, artifacts }));

    expect(lines.length).toBeLessThan(100);
    expect(lines).toEqual(expect.arrayContaining(['artifacts: 10000', '  … and 9950 more']));
  });
});
