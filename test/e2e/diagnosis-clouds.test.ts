/** Misconfigured sign-in, registries and pipelines, and no findings for valid ones. */
import { describe, expect, it } from '@jest/globals';
import { SETUP_CASES } from './diagnosis/cases-setup.ts';
import { SIGN_IN_CASES } from './diagnosis/cases-sign-in.ts';
import { complaints, diagnoseHealthy } from './diagnosis/diagnose.ts';
import { findEach } from './diagnosis/find-each.ts';

const bench = findEach([...SIGN_IN_CASES, ...SETUP_CASES]);

describe('a working setup', () => {
  it.each([
    { name: 'with identities', access: 'managedIdentity' },
    { name: 'with SAS', access: 'sasToken' },
  ] as const)('$name has no problems', async ({ access }) => {
    const diagnosis = await diagnoseHealthy(bench(), { ...bench().inputs(access), mode: 'doctor' });

    expect(complaints(diagnosis)).toEqual([]);
    expect(diagnosis.result.exitCode).toBe(0);
    expect(diagnosis.result.outputs['status']).toBe('succeeded');
    expect(diagnosis.started).toEqual([]);
  });
});
