import { describe, expect, it } from '@jest/globals';
import { transferError } from '../../../../src/transfer/errors/transfer-error.ts';
import { allErrors, countOutcomes, statusOf, type ArtifactStatus } from '../../../../src/transfer/model/result.ts';
import { artifact, batch, broken, dryRun, facts, planning, result } from '../documents/build-report.fixture.ts';

const stages = (imported: 'done' | 'skipped') =>
  (
    [
      ['handoff', 'skipped'],
      ['import', imported],
    ] as const
  ).map(([stage, outcome]) => ({ stage, outcome, startedAt: 0, endedAt: 1000 }));

describe('statusOf', () => {
  it.each([
    { name: 'everything verified', of: result([batch(['verified', 'verified'])]), status: 'succeeded' },
    { name: 'everything exported', of: result([batch(['exported'])]), status: 'succeeded' },
    { name: 'everything handed off', of: result([batch(['handed-off'])]), status: 'succeeded' },
    { name: 'everything imported, unverified', of: result([batch(['unverified'])]), status: 'succeeded' },
    { name: 'some verified, some up to date', of: result([batch(['verified', 'present'])]), status: 'succeeded' },
    { name: 'everything up to date', of: result([batch(['present', 'present'])]), status: 'nothing-to-do' },
    { name: 'no batches', of: result([]), status: 'nothing-to-do' },
    { name: 'a blob by name that was copied', of: result([batch([], { bytes: 5 })]), status: 'succeeded' },
    {
      name: 'a blob that an earlier attempt copied completely',
      of: result([batch([], { handoff: facts(0, 5) })]),
      status: 'succeeded',
    },
    {
      name: 'a blob by name that was imported',
      of: result([batch([], { stages: stages('done') })]),
      status: 'succeeded',
    },
    {
      name: 'a blob by name that an earlier attempt imported',
      of: result([batch([], { stages: stages('skipped') })]),
      status: 'nothing-to-do',
    },
    { name: 'a blob by name that existed', of: result([batch([])]), status: 'nothing-to-do' },
    { name: 'one verified, one failed', of: result([batch(['verified', 'failed'])]), status: 'partial' },
    { name: 'one up to date, one failed', of: result([batch(['present', 'failed'])]), status: 'partial' },
    { name: 'everything failed', of: result([batch(['failed', 'failed'])]), status: 'failed' },
    { name: 'a batch that failed', of: result([batch(['failed'], { failure: broken() })]), status: 'failed' },
    { name: 'a blob by name that failed', of: result([batch([], { failure: broken() })]), status: 'failed' },
    {
      name: 'a blob by name that was copied, and one that failed',
      of: result([batch([], { bytes: 5 }), batch([], { failure: broken() })]),
      status: 'partial',
    },
    {
      name: 'all exported, but the manifest was not uploaded',
      of: result([batch(['exported'])], { failures: [broken()] }),
      status: 'partial',
    },
    { name: 'stopped early', of: result([], { selected: 3, failures: [broken()] }), status: 'failed' },
    { name: 'a dry run with artifacts to transfer', of: dryRun([batch(['planned'])]), status: 'succeeded' },
    { name: 'a dry run without artifacts to transfer', of: dryRun([]), status: 'nothing-to-do' },
    { name: 'a dry run with some blocked artifacts', of: dryRun([batch(['planned'])], ['blocked']), status: 'partial' },
    { name: 'a dry run with only blocked artifacts', of: dryRun([], ['blocked']), status: 'failed' },
    {
      name: 'everything up to date in the plan',
      of: planning([], ['present', 'excluded', 'deleted']),
      status: 'nothing-to-do',
    },
    { name: 'a doctor without errors', of: result([], { mode: 'doctor' }), status: 'succeeded' },
    {
      name: 'a doctor with an error',
      of: result([], { mode: 'doctor', failures: [broken()] }),
      status: 'failed',
    },
    { name: 'only a warning', of: result([batch(['verified'])], { warnings: ['look'] }), status: 'succeeded' },
  ])('$name: $status', ({ of, status }) => {
    expect(statusOf(of)).toBe(status);
  });
});

describe('countOutcomes', () => {
  it('counts each artifact once', () => {
    const outcomes: ArtifactStatus[] = [
      'exported',
      'handed-off',
      'verified',
      'unverified',
      'present',
      'failed',
      'failed',
    ];

    expect(countOutcomes(result([batch(outcomes)]))).toEqual({ selected: 7, transferred: 4, skipped: 1, failed: 2 });
  });

  it('counts skipped artifacts of a plan: up to date, or blocked', () => {
    const of = planning(
      [batch(['verified'])],
      ['present', 'present', 'blocked', 'subject-stays', 'excluded', 'deleted'],
    );

    expect(countOutcomes(of)).toEqual({ selected: 5, transferred: 1, skipped: 2, failed: 2 });
  });

  it('counts planned artifacts as neither transferred nor failed', () => {
    expect(countOutcomes(dryRun([batch(['planned'])], ['present']))).toEqual({
      selected: 2,
      transferred: 0,
      skipped: 1,
      failed: 0,
    });
  });

  it('counts selected artifacts without a batch as failed', () => {
    expect(countOutcomes(result([], { selected: 3 }))).toEqual({ selected: 3, transferred: 0, skipped: 0, failed: 3 });
  });
});

describe('allErrors', () => {
  it('has each error once, errors of single artifacts last', () => {
    const missing = transferError('ACRT6002', { reference: 'a:1', registry: 'r', digest: 'd' });
    const first = batch(['failed'], { artifacts: [artifact('failed', missing)] });
    const second = batch(['failed'], { failure: broken('export2') });
    const of = result([first, second, second], { failures: [broken('export1')] });

    expect(allErrors(of).map(({ message }) => message)).toEqual([
      'ACRT4001 Run export1 failed: broken',
      'ACRT4001 Run export2 failed: broken',
      missing.message,
    ]);
  });
});
