/**
 * Waiting as in production: no service says how long, as other tests let runs do (`QUICK` of scene.ts). A new right is waited for in
 * setup-changes.test.ts.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askArm } from './diagnosis/ask-arm.ts';
import { ALWAYS, answer, rule } from './faults/kind.ts';
import { outcomesOf, openScene, shownIds, smallImage, type Scene } from './scene.ts';

/** Shortest wait between two looks at a run, seconds. */
const BETWEEN_LOOKS = 2;

let scene: Scene;

beforeAll(async () => {
  scene = await openScene({ runs: { seconds: [8], retryAfterSeconds: null } });
});

afterAll(async () => {
  await scene.sandbox.clearFaults('target');
  await scene.close();
});

interface RunTimes {
  readonly properties: { readonly response: { readonly startTime: string; readonly finishTime: string } };
}

/** How long the only run of a side has taken, seconds. */
async function durationAtSource(): Promise<number> {
  const [transfer] = await scene.sandbox.transfers('source');
  const id = `${scene.clouds.source.registry.id}/pipelineRuns/${transfer?.run ?? ''}`;
  const { properties } = (await askArm(scene, 'source', 'GET', id)) as RunTimes;
  return (Date.parse(properties.response.finishTime) - Date.parse(properties.response.startTime)) / 1000;
}

describe('without Retry-After', () => {
  it('runs are polled every 2 s, and sign-in, storage and registry are retried', async () => {
    const { sandbox } = scene;
    const repository = 'polling/all';
    const artifacts = await scene.push('source', repository, { v1: await smallImage('polling') });
    const looks = { method: 'GET', path: '/pipelineRuns/', times: ALWAYS };
    await sandbox.addFault('source', rule('arm', { kind: 'alter', milliseconds: 0 }, looks));
    const late = { method: 'GET', path: `/v2/${repository}/manifests/`, times: 3 };
    for (const fault of [
      rule('entra', answer(429), { path: '/token' }),
      rule('storage', answer(503), { method: 'PUT', path: '/polling-[^?]*\\.tar', times: 2 }),
      rule(
        'registry',
        answer(404, { 'content-type': 'application/json' }, '{"errors":[{"code":"MANIFEST_UNKNOWN"}]}'),
        late,
      ),
    ])
      await sandbox.addFault('target', fault);

    const result = await scene.step({ ...scene.both, artifacts: artifacts.join('\n'), 'transfer-name': 'polling' });
    const looked = await sandbox.faultsStruck('source');
    await sandbox.clearFaults('source');

    expect(shownIds(result)).toEqual([]);
    expect(outcomesOf(result)).toEqual({ [`${repository}:v1`]: 'verified' });
    expect(await sandbox.faultsStruck('target')).toBe(6);
    expect(looked).toBeGreaterThan(1);
    expect(looked).toBeLessThanOrEqual((await durationAtSource()) / BETWEEN_LOOKS + 2);
  });
});
