import { describe, expect, it } from '@jest/globals';
import type { MovingRequest } from '../../../../src/transfer/model/request.ts';
import { statusOf } from '../../../../src/transfer/model/result.ts';
import { runTransfer } from '../../../../src/transfer/run.ts';
import { image } from '../ports/registry.fixture.ts';
import { fullRequest, healthyInspector, pipelineFacts, twoClouds, type TwoClouds } from '../ports/context.fixture.ts';

const LINES = ['team/api:v1'];

function clouds(weather: Parameters<typeof twoClouds>[0] = {}): TwoClouds {
  const both = twoClouds(weather);
  both.source.registry.push('team/api', image('api'), 'v1');
  return both;
}

const doctor = (examined: MovingRequest): Parameters<typeof runTransfer>[0] => {
  const { transferName, artifactsPerRun, parallelRuns, failFast, timeoutMinutes } = examined;
  const terms = { transferName, artifactsPerRun, parallelRuns, failFast, timeoutMinutes, cleanupDays: null };
  return { mode: 'doctor', ...terms, examined };
};

const notOk = (result: Awaited<ReturnType<typeof runTransfer>>): string[] =>
  result.checks.flatMap(({ side, check, verdict }) => (verdict === 'ok' ? [] : [`${side} ${check} ${verdict}`]));

describe('mode doctor', () => {
  it('succeeds if every check passes, and starts and writes nothing', async () => {
    const both = clouds();
    const result = await runTransfer(doctor(fullRequest(LINES)), both.context);

    expect(statusOf(result)).toBe('succeeded');
    expect(notOk(result)).toEqual([]);
    expect(new Set(result.checks.map(({ side }) => side))).toEqual(new Set(['source', 'target']));
    expect([...both.source.runs.started, ...both.target.runs.started]).toEqual([]);
    expect([both.source.container.blobs.size, both.target.container.blobs.size]).toEqual([0, 0]);
  });

  it('checks both sides even if one of them fails', async () => {
    const inspector = (): ReturnType<typeof healthyInspector> =>
      healthyInspector({ canStartRuns: () => Promise.resolve({ ok: true, value: false }) });
    const both = clouds({ services: { source: { pipeline: () => Promise.resolve(null) }, target: { inspector } } });
    const result = await runTransfer(doctor(fullRequest(LINES)), both.context);

    expect(statusOf(result)).toBe('failed');
    expect(notOk(result)).toEqual(['source pipeline error', 'target permissions error']);
    expect(result.failures.map(({ facts }) => facts.id)).toEqual(['ACRT3001', 'ACRT3028']);
  });

  it('succeeds with warnings, and with checks that it has no permission for', async () => {
    const inspector = (): ReturnType<typeof healthyInspector> =>
      healthyInspector({ blobPermissions: () => Promise.resolve({ ok: false, problem: 'AuthorizationFailed' }) });
    const pipeline = (): Promise<ReturnType<typeof pipelineFacts>> =>
      Promise.resolve(pipelineFacts({ sourceTrigger: 'enabled' }));
    const both = clouds({ services: { source: { inspector }, target: { pipeline } } });
    const result = await runTransfer(doctor(fullRequest(LINES)), both.context);

    expect(statusOf(result)).toBe('succeeded');
    expect(notOk(result)).toEqual(['source role unknown', 'target pipeline-options warning']);
  });

  it('reports artifacts that cannot be transferred', async () => {
    const both = clouds();
    const layer = { ...image('odd'), foreign: [image('odd').digest] };
    both.source.registry.push('team/odd', layer, 'v1');
    const result = await runTransfer(doctor(fullRequest([...LINES, 'team/odd:v1'])), both.context);

    expect(notOk(result)).toEqual(['source artifacts error']);
    expect(result.failures.map(({ facts }) => facts.id)).toEqual(['ACRT3012']);
  });

  it('succeeds without artifacts to transfer', async () => {
    const both = clouds();
    const result = await runTransfer(doctor(fullRequest([])), both.context);

    expect([statusOf(result), notOk(result)]).toEqual(['succeeded', []]);
  });
});

describe('every mode', () => {
  it('starts no run if a check fails', async () => {
    const both = clouds({
      services: { target: { pipeline: () => Promise.resolve(pipelineFacts({ principalId: null })) } },
    });
    const result = await runTransfer(fullRequest(LINES), both.context);

    expect(result.failures.map(({ facts }) => facts.id)).toEqual(['ACRT3014']);
    expect([...both.source.runs.started, ...both.target.runs.started]).toEqual([]);
  });

  it('runs despite warnings', async () => {
    const pipeline = (): Promise<ReturnType<typeof pipelineFacts>> =>
      Promise.resolve(pipelineFacts({ containerUri: 'https://target/transfer', sourceTrigger: 'enabled' }));
    const both = clouds({ services: { target: { pipeline } } });
    const result = await runTransfer(fullRequest(LINES), both.context);

    expect([statusOf(result), notOk(result)]).toEqual(['succeeded', ['target pipeline-options warning']]);
  });
});
