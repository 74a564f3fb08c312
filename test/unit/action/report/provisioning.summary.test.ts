import { describe, expect, it } from '@jest/globals';
import { provisioningRequestLines } from '../../../../src/action/inputs/echo.ts';
import {
  changeLine,
  eventLines,
  provisioningHeadline,
  provisioningSummary,
} from '../../../../src/action/report/provisioning.ts';
import { toSetupInputNames } from '../../../../src/action/runner/inputs.ts';
import type { ProvisioningResult } from '../../../../src/provisioning/result.ts';
import { transferError } from '../../../../src/transfer/errors/transfer-error.ts';
import { CONTAINER_ID, pipelineId } from '../../provisioning/ports.fixture.ts';
import { absence, presentBySas } from '../../provisioning/run.fixture.ts';

const ROLE = { subject: 'role', what: 'Storage Blob Data Reader at /x', from: null, to: 'principal' } as const;
const OPTIONS = { subject: 'pipeline', what: 'options', from: 'none', to: 'OverwriteTags' } as const;
const DELETED_RUN = { subject: 'run', what: 'export1', from: 'ended', to: null } as const;

const result = (changes: Partial<ProvisioningResult> = {}): ProvisioningResult => ({
  state: 'present',
  status: 'changed',
  pipelineId: pipelineId('export').resourceId,
  principalId: 'principal',
  changes: [
    { ...OPTIONS, done: true },
    { ...ROLE, done: true },
  ],
  sasExpiresAt: null,
  warnings: [],
  failures: [],
  ...changes,
});

const REFUSED = transferError('ACRT3042', {
  role: 'Storage Blob Data Reader',
  roleId: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
  principal: 'principal',
  scope: CONTAINER_ID,
  reason: '403',
}).facts;

describe('the headline', () => {
  it.each([
    { changes: {}, text: '✅ Set up: 2 changes' },
    { changes: { status: 'unchanged', changes: [] }, text: '✅ Nothing to change' },
    { changes: { status: 'unchanged', changes: [], state: 'absent' }, text: '✅ Nothing to tear down' },
    { changes: { status: 'planned' }, text: '📋 Would make 2 changes' },
    { changes: { state: 'rotate', changes: [{ ...OPTIONS, done: true }] }, text: '✅ Rotated: 1 change' },
    {
      changes: {
        status: 'failed',
        failures: [REFUSED],
        changes: [
          { ...OPTIONS, done: true },
          { ...ROLE, done: false },
        ],
      },
      text: '❌ 1 problem; 1 of 2 changes made',
    },
  ] as const)('$text', ({ changes, text }) => {
    expect(provisioningHeadline(result(changes))).toBe(text);
  });
});

describe('the summary', () => {
  it('shows every change, and when the SAS expires', () => {
    const text = provisioningSummary(result({ sasExpiresAt: Date.UTC(2026, 0, 8) }));
    expect(text).toContain('| pipeline options | none | OverwriteTags | ✅ |');
    expect(text).toContain('Its SAS expires at 2026-01-08T00:00:00.000Z.');
  });

  it.each([
    { status: 'changed', done: true, cell: '✅' },
    { status: 'failed', done: false, cell: '❌' },
    { status: 'planned', done: false, cell: '' },
  ] as const)('shows whether a change is done, with status $status', ({ status, done, cell }) => {
    const rows = provisioningSummary(result({ status, changes: [{ ...OPTIONS, done }] })).split('\n');
    expect(
      rows
        .find((row) => row.startsWith('| pipeline options'))
        ?.split('|')
        .at(-2)
        ?.trim(),
    ).toBe(cell);
  });

  it('shortens resource IDs', () => {
    const text = provisioningSummary(result({ changes: [{ ...ROLE, what: `Reader at ${CONTAINER_ID}`, done: true }] }));
    expect(text).toContain('| role Reader at …/storageAccounts/account/…/containers/transfer |');
  });

  it('shows the commands of a remedy unchanged', () => {
    const text = provisioningSummary(result({ status: 'failed', failures: [REFUSED] }));
    expect(text).toContain('az role assignment create');
    expect(text).toContain("resource role 'Microsoft.Authorization/roleAssignments@2022-04-01' = {");
  });

  it('escapes untrusted names', () => {
    const hostile = { ...OPTIONS, what: '<img src=x> | ![x](y)', done: true };
    const text = provisioningSummary(result({ changes: [hostile] }));
    expect(text).not.toContain('<img');
    expect(text.split('\n').filter((line) => line.includes('img'))).toHaveLength(1);
  });
});

describe('the log', () => {
  it.each([
    { change: ROLE, line: '+ role Storage Blob Data Reader at /x: principal' },
    { change: OPTIONS, line: '~ pipeline options: none → OverwriteTags' },
    { change: DELETED_RUN, line: '- pipeline run export1: ended' },
    { change: { ...DELETED_RUN, from: 'a\n::error::b' }, line: '- pipeline run export1: a ::error::b' },
  ])('$line', ({ change, line }) => {
    expect(changeLine(change)).toBe(line);
  });

  it('shows differences, changes and waiting times', () => {
    expect(eventLines({ kind: 'difference', changes: [] })).toEqual(['No differences.']);
    expect(eventLines({ kind: 'difference', changes: [DELETED_RUN] })).toEqual([
      '1 difference:',
      '  - pipeline run export1: ended',
    ]);
    expect(eventLines({ kind: 'changed', change: DELETED_RUN })).toEqual(['done: - pipeline run export1: ended']);
    expect(eventLines({ kind: 'waiting', what: 'refused', seconds: 30 })).toEqual(['waiting 30 s: refused']);
  });

  it('echoes the parsed inputs', () => {
    expect(provisioningRequestLines(presentBySas('import'))).toEqual([
      'state: present',
      `pipeline: ${pipelineId('import').resourceId}`,
      'cloud: azurecloud, sign-in by ambient credentials of the job',
      'container: https://account.blob.core.windows.net/transfer',
      'storage access: SasToken, https://vault.vault.azure.net/secrets/sas',
      'identity: system-assigned',
      'options: none',
      'source trigger: disabled',
      'SAS: 7 days, signed with user-delegation',
    ]);
    expect(provisioningRequestLines(absence('export', { dryRun: true }))).toContain('state: absent, dry run');
  });
});

describe('toSetupInputNames', () => {
  it.each([
    { text: 'Check source-tenant-id and target-client-id.', expected: 'Check tenant-id and client-id.' },
    { text: 'source-trigger and source-containers stay', expected: 'source-trigger and source-containers stay' },
  ])('$text', ({ text, expected }) => {
    expect(toSetupInputNames(text)).toBe(expected);
  });
});
