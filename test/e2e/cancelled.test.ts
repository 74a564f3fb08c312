import { setTimeout as after } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openScene, outcomesOf, shownIds, smallImage, type Scene } from './scene.ts';

let scene: Scene;

beforeAll(async () => {
  scene = await openScene({ runs: { seconds: [6], retryAfterSeconds: 1 } });
});

afterAll(async () => {
  await scene.close();
});

describe('a step that is cancelled', () => {
  it.each([
    { by: 'SIGINT', while: 'an export runs', sees: /export → / },
    { by: 'SIGTERM', while: 'it starts', sees: /acr-transfer: full/ },
  ] as const)('by $by while $while reports before the runner kills it, and is resumed', async ({ by, sees }) => {
    const repository = `cancelled/${by.toLowerCase()}`;
    const artifacts = await scene.push('source', repository, {
      v1: await smallImage(`${by} 1`),
      v2: await smallImage(`${by} 2`),
    });
    const inputs = {
      ...scene.both,
      artifacts: artifacts.join('\n'),
      'transfer-name': repository.replace('/', '-'),
      'max-artifacts-per-run': '1',
    };
    const told = new AbortController();
    let isTold = false;
    const first = await scene.step(inputs, {
      cancelled: { by, at: told.signal },
      onLine: (line) => {
        if (isTold || !sees.test(line)) return;
        isTold = true;
        void after(1000).then(() => {
          told.abort();
        });
      },
    });

    expect(first.exitCode).toBe(1);
    expect(shownIds(first)).toContain('ACRT4023');
    expect(first.outputs).toMatchObject({ status: 'failed', report: expect.stringContaining('report.json') });
    expect(first.summary).toContain('cancelled');

    const post = await first.post();

    expect(post.exitCode).toBe(0);
    expect(post.log).toMatch(/pipeline runs? continues? in Azure|No pipeline run continues/);
    expect(post.summary).toContain('re-run this job');

    const second = await scene.step(inputs);

    expect(shownIds(second)).toEqual([]);
    expect(Object.values(outcomesOf(second))).toEqual(['verified', 'verified']);
    expect((await second.post()).log.replace(/^::.*\n/gm, '')).toBe('');
    const executed = (await scene.sandbox.transfers('source')).filter(({ blob }) =>
      blob.startsWith(repository.replace('/', '-')),
    );
    expect(executed).toHaveLength(2);
  });
});
