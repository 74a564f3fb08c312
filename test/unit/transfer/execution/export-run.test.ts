import { describe, expect, it } from '@jest/globals';
import { runExport, type Exported } from '../../../../src/transfer/execution/export-run.ts';
import { runName, type Batch } from '../../../../src/transfer/model/artifact.ts';
import type { RunState } from '../../../../src/transfer/ports/pipelines.ts';
import { fakeClock, unlimited } from '../ports/clock.fixture.ts';
import { memoryContainer } from '../ports/blob-container.fixture.ts';
import { digestOf } from '../ports/registry.fixture.ts';
import { memoryRuns, runAt, SUCCEEDED } from '../ports/pipelines.fixture.ts';
import { pipelineOf } from '../ports/context.fixture.ts';

const RUN = runName('export', pipelineOf('export').resourceId, 'a.tar');
const BATCH: Batch = {
  index: 1,
  blob: 'a.tar',
  bytes: 0,
  artifacts: [
    { reference: { kind: 'tag', repository: 'team/api', tag: 'v1' }, digest: digestOf('1') },
    { reference: { kind: 'digest', repository: 'team/api', digest: digestOf('2') }, digest: digestOf('2') },
  ].map((item) => ({ ...item, mediaType: 'x', size: 1, children: [], subject: null }) as Batch['artifacts'][number]),
};

/** A pipeline whose runs write the blob by default. */
function scene({
  earlier,
  blob = false,
  md5 = true,
  writes = true,
}: {
  readonly earlier?: RunState;
  readonly blob?: boolean;
  readonly md5?: boolean;
  readonly writes?: boolean;
} = {}) {
  const container = memoryContainer('https://source/transfer');
  const write = (): void => {
    container.put('a.tar', Buffer.from('exported'), md5 ? {} : { md5: null });
  };
  const runs = memoryRuns(() => {
    if (writes) write();
    return SUCCEEDED;
  });
  if (earlier !== undefined) runs.add(runAt(RUN, earlier, 'a.tar'));
  if (blob) write();
  const progress: unknown[] = [];
  const tools = {
    clock: fakeClock(),
    signal: unlimited(),
    onProgress: (item: unknown) => progress.push(item),
    onNote: () => undefined,
    onRun: () => undefined,
  };
  const run = (): Promise<Exported> => runExport({ pipeline: pipelineOf('export'), runs, container }, BATCH, tools);
  return { run, runs, progress };
}

describe('runExport', () => {
  it('requests the artifacts by their references, and returns the blob that storage describes', async () => {
    const { run, runs, progress } = scene();

    expect(await run()).toMatchObject({ outcome: 'done', blob: { size: 8, md5: expect.any(String) } });
    expect(runs.started).toEqual([
      {
        name: RUN,
        order: { kind: 'export', blob: 'a.tar', artifacts: ['team/api:v1', `team/api@${digestOf('2')}`] },
        again: false,
      },
    ]);
    expect(progress[0]).toEqual({ unit: 'percent', done: 20 });
  });

  it.each([
    { name: 'succeeded, and its blob exists', earlier: SUCCEEDED, blob: true, outcome: 'skipped', again: [] },
    { name: 'succeeded, but its blob was deleted', earlier: SUCCEEDED, blob: false, outcome: 'done', again: [true] },
    {
      name: 'failed',
      earlier: { kind: 'failed', reason: 'no' } as const,
      blob: false,
      outcome: 'done',
      again: [true],
    },
    { name: 'does not exist, but the blob does', blob: true, outcome: 'done', again: [false] },
  ])('when an earlier run $name', async ({ earlier, blob, outcome, again }) => {
    const { run, runs } = scene({ blob, ...(earlier && { earlier }) });

    expect(await run()).toMatchObject({ outcome });
    expect(runs.started.map((order) => order.again)).toEqual(again);
  });

  it('attaches to a run in progress', async () => {
    const { run, runs } = scene();
    await runs.start(RUN, { kind: 'export', blob: 'a.tar', artifacts: [] }, false);

    expect(await run()).toMatchObject({ outcome: 'done' });
    expect(runs.started).toHaveLength(1);
  });

  it.each([
    { name: 'left no blob', scene: { writes: false }, id: 'ACRT4007' },
    { name: 'left a blob without MD5', scene: { md5: false }, id: 'ACRT5006' },
    { name: 'left a blob without MD5, earlier', scene: { md5: false, blob: true, earlier: SUCCEEDED }, id: 'ACRT5006' },
  ])('fails after a run that $name', async ({ scene: facts, id }) => {
    await expect(scene(facts).run()).rejects.toHaveProperty('facts.id', id);
  });
});
