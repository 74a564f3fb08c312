/** What is set up wrong is told before any run is started, with its remedy; and what is right is not complained of. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openBench, type Bench } from './diagnosis/bench.ts';
import { complaints, diagnose, diagnoseHealthy, MISCONFIGURATIONS } from './diagnosis/diagnose.ts';

let bench: Bench;

beforeAll(async () => {
  bench = await openBench();
});

afterAll(async () => {
  await bench.close();
});

describe('a misconfiguration is found before any run is started:', () => {
  it.each(MISCONFIGURATIONS)('$name', async (item) => {
    const { result, ids, started } = await diagnose(bench, item);

    expect([...ids]).toContain(item.id);
    expect(result.summary).toContain('What to do');
    expect(result.log.replaceAll('%0A', '\n')).toContain(item.remedy);
    expect(result.exitCode).toBe(item.verdict === 'error' ? 1 : 0);
    expect(started).toEqual([]);
  });
});

describe('a healthy set-up', () => {
  it.each([
    { name: 'with identities', access: 'managedIdentity' },
    { name: 'with SAS', access: 'sasToken' },
  ] as const)('$name gives no cause for complaint', async ({ access }) => {
    const diagnosis = await diagnoseHealthy(bench, { ...bench.inputs(access), mode: 'doctor' });

    expect(complaints(diagnosis)).toEqual([]);
    expect(diagnosis.result.exitCode).toBe(0);
    expect(diagnosis.result.outputs['status']).toBe('succeeded');
    expect(diagnosis.started).toEqual([]);
  });
});
