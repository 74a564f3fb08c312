import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { reportProvisioning, reportProvisioningError } from '../../../../src/action/report/provisioning.ts';
import type { ProvisioningResult } from '../../../../src/provisioning/result.ts';
import { transferError } from '../../../../src/transfer/errors/transfer-error.ts';
import { pipelineId } from '../../provisioning/ports.fixture.ts';

const CHANGE = { subject: 'pipeline', what: 'options', from: 'none', to: 'OverwriteTags' } as const;
const REFUSED = transferError('ACRT3007', { registry: 'contoso', sku: 'Basic' }).facts;

const result = (changes: Partial<ProvisioningResult> = {}): ProvisioningResult => ({
  state: 'present',
  status: 'unchanged',
  pipelineId: pipelineId('export').resourceId,
  principalId: null,
  changes: [],
  sasExpiresAt: null,
  warnings: [],
  failures: [],
  ...changes,
});

let folder: string;
let before: NodeJS.ProcessEnv;
let exitCode: typeof process.exitCode;
let printed: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'acr-transfer-setup-report-'));
  before = { ...process.env };
  exitCode = process.exitCode;
  process.exitCode = undefined;
  process.env['GITHUB_OUTPUT'] = join(folder, 'outputs');
  process.env['GITHUB_STEP_SUMMARY'] = join(folder, 'summary.md');
  for (const name of ['outputs', 'summary.md']) writeFileSync(join(folder, name), '');
  printed = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});

afterEach(() => {
  jest.restoreAllMocks();
  process.env = before;
  process.exitCode = exitCode;
  rmSync(folder, { recursive: true });
});

/** GITHUB_OUTPUT: `name<<delimiter`, the value, `delimiter`. */
function outputs(): Readonly<Record<string, string>> {
  const text = readFileSync(join(folder, 'outputs'), 'utf8');
  return Object.fromEntries(
    [...text.matchAll(/^(.+?)<<(.+)\n([\s\S]*?)\n?\2$/gm)].map(([, name = '', , value = '']) => [name, value]),
  );
}

describe('reportProvisioning', () => {
  it('sets every output of a setup that changed nothing', async () => {
    await reportProvisioning(result());
    expect(outputs()).toEqual({
      status: 'unchanged',
      changed: 'false',
      changes: '[]',
      'pipeline-id': pipelineId('export').resourceId,
      'principal-id': '',
      'sas-expires': '',
    });
    expect(process.exitCode).toBeUndefined();
  });

  it('reports the changes, and when the SAS expires', async () => {
    const changes = [
      { ...CHANGE, done: false },
      { ...CHANGE, done: true },
    ];
    await reportProvisioning(
      result({ status: 'changed', changes, principalId: 'principal', sasExpiresAt: Date.UTC(2026, 0, 8) }),
    );
    expect(outputs()).toMatchObject({
      status: 'changed',
      changed: 'true',
      changes: JSON.stringify(changes),
      'principal-id': 'principal',
      'sas-expires': '2026-01-08T00:00:00.000Z',
    });
    expect(printed).toContain('Set up');
  });

  it('is not changed if no change is done', async () => {
    await reportProvisioning(result({ status: 'planned', changes: [{ ...CHANGE, done: false }] }));
    expect(outputs()['changed']).toBe('false');
    expect(process.exitCode).toBeUndefined();
  });

  it('fails the step when the setup failed', async () => {
    await reportProvisioning(result({ status: 'failed', failures: [REFUSED] }));
    expect(process.exitCode).toBe(1);
    expect(printed).toContain('ACRT3007');
  });
});

describe('reportProvisioningError', () => {
  it('sets every output, and fails the step', async () => {
    await reportProvisioningError(REFUSED);
    expect(outputs()).toEqual({
      status: 'failed',
      changed: 'false',
      changes: '[]',
      'pipeline-id': '',
      'principal-id': '',
      'sas-expires': '',
    });
    expect(process.exitCode).toBe(1);
    expect(readFileSync(join(folder, 'summary.md'), 'utf8')).toContain('ACRT3007');
  });
});
