import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openScene, outcomesOf, shownIds, smallImage, type Scene } from './scene.ts';

/** The minimum. */
const ONE_MINUTE = { 'timeout-minutes': '1' };

let scene: Scene;

beforeAll(async () => {
  scene = await openScene();
});

afterAll(async () => {
  await scene.close();
});

describe('endless input', () => {
  it('is ended by the time limit, with what it was: a run that hangs, a trigger that never fires', async () => {
    const [hung, good] = await scene.push('source', 'limited/run', {
      v1: await smallImage('limited 1'),
      v2: await smallImage('limited 2'),
    });
    const waiting = await scene.push('source', 'limited/trigger', { v1: await smallImage('limited 3') });
    // The first import ends at once, and every other one in an hour.
    await scene.sandbox.settings('target', { runs: { seconds: [0, 3600] } });
    const [byRun, byTrigger] = await Promise.all([
      scene.step({
        ...scene.both,
        ...ONE_MINUTE,
        artifacts: `${hung ?? ''}\n${good ?? ''}`,
        'max-artifacts-per-run': '1',
        'transfer-name': 'limited-run',
      }),
      scene.step({
        ...scene.both,
        ...ONE_MINUTE,
        artifacts: waiting.join('\n'),
        'import-by': 'trigger',
        'transfer-name': 'limited-trigger',
      }),
    ]);

    expect(new Set(shownIds(byRun))).toEqual(new Set(['ACRT4003']));
    expect(byRun.outputs).toMatchObject({ status: 'partial', transferred: '1', failed: '1' });
    expect(Object.values(outcomesOf(byRun)).sort()).toEqual(['failed', 'verified']);
    expect(shownIds(byTrigger)).toEqual(['ACRT4003']);
    expect((await byRun.post()).log.replace(/^::.*\n/gm, '')).toBe('');
  });
});
