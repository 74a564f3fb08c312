import { describe, expect, it } from '@jest/globals';
import { absence, openSetup, present } from './run.fixture.ts';

const canceled = (): DOMException => new DOMException('SIGINT received', 'AbortError');

describe('a setup that is canceled', () => {
  it('B20: makes no further change, and reports those that it has made', async () => {
    const scene = openSetup();
    const { push } = scene.events;
    scene.events.push = (...events) => {
      if (events.some(({ kind }) => kind === 'changed')) scene.stop.abort(canceled());
      return push.apply(scene.events, events);
    };
    const result = await scene.run(present());

    expect(result).toMatchObject({ status: 'failed', failures: [{ id: 'ACRT4023' }] });
    expect(result.changes.length).toBeGreaterThan(1);
    expect(result.changes.filter(({ done }) => done)).toHaveLength(1);
    expect(scene.done()).toHaveLength(1);
    expect(scene.runs.started).toEqual([]);
  });

  it('B20: ends a smoke test that waits', async () => {
    const scene = openSetup([{ kind: 'failed', reason: 'Failed to access storage. Status: 403' }]);
    const { push } = scene.events;
    scene.events.push = (...events) => {
      if (events.some(({ kind }) => kind === 'waiting')) scene.stop.abort(canceled());
      return push.apply(scene.events, events);
    };
    const result = await scene.run(present('import'));

    expect(result).toMatchObject({ status: 'failed', failures: [{ id: 'ACRT4023' }] });
    expect(result.changes.every(({ done }) => done)).toBe(true);
    expect(scene.runs.started).toHaveLength(1);
  });

  it('B20: starts nothing if it was canceled before', async () => {
    const scene = openSetup();
    await scene.run(present());
    scene.done();
    scene.stop.abort(canceled());

    expect(await scene.run(absence())).toMatchObject({ status: 'failed', failures: [{ id: 'ACRT4023' }] });
    expect(scene.done()).toEqual([]);
  });
});
