import { describe, expect, it } from '@jest/globals';
import type { Batch } from '../../../../src/transfer/model/artifact.ts';
import { checkArrival } from '../../../../src/transfer/verification/arrival.ts';
import type { ArrivalSide } from '../../../../src/transfer/verification/extra-artifacts.ts';
import { TagBaseline } from '../../../../src/transfer/verification/tag-baseline.ts';
import { fakeClock, unlimited } from '../ports/clock.fixture.ts';
import { pipelineOf } from '../ports/context.fixture.ts';
import { BATCH, foreign, LOGIN_SERVER, target } from './batch.fixture.ts';

interface Arriving {
  readonly entries: readonly string[] | null;
  readonly verify?: boolean;
  readonly fresh?: boolean;
  readonly startedHere?: boolean;
  readonly batch?: Batch;
  /** Whether another tag of a repository of the batch appears during the import. */
  readonly pushes?: boolean;
}

/** An import, compared with its batch. */
async function arrived({
  entries,
  verify = true,
  fresh = true,
  startedHere = true,
  batch = BATCH,
  pushes = true,
}: Arriving) {
  const registry = target();
  const baseline = new TagBaseline(registry, [batch]);
  await baseline.record(batch);
  if (pushes) registry.push('team/one', foreign, 'another');
  const side: ArrivalSide = {
    pipeline: pipelineOf('import'),
    registry,
    verify,
    loginServers: [LOGIN_SERVER],
    baseline,
  };
  const notes: string[] = [];
  const context = { clock: fakeClock(), signal: unlimited(), onNote: (text: string) => notes.push(text) };
  const { extra, failures, warnings } = await checkArrival(side, batch, { entries, fresh, startedHere }, context);
  return { found: [...extra, ...failures], ids: warnings.map(({ facts }) => facts.id), notes: notes.join('\n') };
}

const TAGS = ['team/all:latest', 'team/one:v1'];

describe('A1: checkArrival', () => {
  it.each([
    { name: 'no list', entries: null },
    { name: 'an empty list', entries: [] },
    { name: 'a list without some planned tag', entries: ['team/all:latest'] },
  ])('compares tags for $name, and warns of another one that has changed', async ({ entries }) => {
    expect(await arrived({ entries })).toMatchObject({ found: [], ids: ['ACRT6009'] });
  });

  it('logs that no other tag has changed', async () => {
    const { ids, notes } = await arrived({ entries: null, pushes: false });

    expect(ids).toEqual([]);
    expect(notes).toContain('no other tag has changed');
  });

  it('compares no tags for a list with all planned tags', async () => {
    expect(await arrived({ entries: TAGS })).toEqual({ found: [], ids: [], notes: '' });
  });

  it.each([
    { name: 'verify is false', how: { verify: false }, note: 'verify is false' },
    { name: 'an earlier attempt imported it', how: { fresh: false, startedHere: false }, note: 'An earlier attempt' },
  ])('compares no tags if $name, and logs it', async ({ how, note }) => {
    const { ids, notes } = await arrived({ entries: null, ...how });

    expect(ids).toEqual([]);
    expect(notes).toContain(note);
  });

  it('compares the tags of a run that another attempt has started, and logs that they can be older', async () => {
    const { ids, notes } = await arrived({ entries: null, startedHere: false });

    expect(ids).toEqual(['ACRT6009']);
    expect(notes).toContain('its tags before the run are not known');
  });

  it('compares nothing for a blob that is known only by its name', async () => {
    const { found, ids, notes } = await arrived({ entries: ['foreign:v1'], batch: { ...BATCH, artifacts: [] } });

    expect([found, ids]).toEqual([[], []]);
    expect(notes).toContain('Without a transfer manifest');
  });
});
