import { describe, expect, it } from '@jest/globals';
import type { ArtifactResult, BatchResult, Outcome } from '../../../src/transfer/carry.ts';
import { failure, type Failure } from '../../../src/transfer/failure.ts';
import {
  allFailures,
  countOutcomes,
  reportDocument,
  statusOf,
  type TransferResult,
} from '../../../src/transfer/report.ts';
import type { HandoffFacts } from '../../../src/transfer/handoff/facts.ts';
import type { Staying } from '../../../src/transfer/plan/considered.ts';
import type { Plan, PlannedArtifact } from '../../../src/transfer/plan/plan.ts';
import { REPORT } from '../../../src/transfer/schemas.ts';
import { digestOf } from './registry.ts';

const START = Date.UTC(2026, 0, 1);
const broken = (run = 'export1'): Failure => failure('ACRT4001', { run, reason: 'broken' });

const artifact = (outcome: Outcome, why: Failure | null = null): ArtifactResult => ({
  reference: 'team/api:v1',
  digest: digestOf('api'),
  size: 1110,
  outcome,
  failure: why,
});

const batch = (outcomes: readonly Outcome[], changes: Partial<BatchResult> = {}): BatchResult => ({
  batch: { index: 1, blob: 'nightly-1.tar', artifacts: [], bytes: 0 },
  stages: [{ stage: 'export', outcome: 'done', startedAt: START, endedAt: START + 1500 }],
  artifacts: outcomes.map((outcome) => artifact(outcome)),
  blob: null,
  bytes: 0,
  handoff: null,
  failure: null,
  ...changes,
});

const result = (batches: readonly BatchResult[], changes: Partial<TransferResult> = {}): TransferResult => ({
  mode: 'full',
  transferName: 'nightly',
  from: 'source.azurecr.io',
  to: 'target.azurecr.us',
  startedAt: START,
  endedAt: START + 10_000,
  selected: 0,
  batches,
  failures: [],
  warnings: [],
  planned: null,
  dryRun: false,
  paths: {},
  ...changes,
});

function reasonOf(kind: Staying['reason']['kind']): Staying['reason'] {
  switch (kind) {
    case 'excluded':
      return { kind, by: 'line 2' };
    case 'blocked':
      return { kind, failure: broken('none') };
    default:
      return { kind };
  }
}

const staying = (kind: Staying['reason']['kind'], index: number): Staying => ({
  reference: { kind: 'tag', repository: 'team/web', tag: `v${index}` },
  digest: digestOf(`web ${index}`),
  mediaType: null,
  size: null,
  where: 'line 1',
  reason: reasonOf(kind),
});

/** A result with a plan of which things stay; those that are blocked are failures of it too. */
function planning(
  batches: readonly BatchResult[],
  kinds: readonly Staying['reason']['kind'][] = [],
  changes: Partial<TransferResult> = {},
): TransferResult {
  const items = kinds.map(staying);
  const artifacts: PlannedArtifact[] = [
    {
      reference: { kind: 'tag', repository: 'team/api', tag: 'v1' },
      digest: digestOf('api'),
      mediaType: 'x',
      size: 1110,
      children: [],
      subject: null,
      blob: 'nightly-1.tar',
      where: 'line 1',
      reason: { kind: 'changed', was: digestOf('before') },
    },
  ];
  const plan: Plan = { batches: [], artifacts, staying: items, bytes: { planned: 20, naive: 30, least: 10 } };
  return result(batches, {
    selected: batches.length + items.filter(({ reason }) => !['excluded', 'gone'].includes(reason.kind)).length,
    failures: items.flatMap(({ reason }) => (reason.kind === 'blocked' ? [reason.failure] : [])),
    planned: { plan, incremental: 'target' },
    ...changes,
  });
}

const dryRun = (batches: readonly BatchResult[], kinds: readonly Staying['reason']['kind'][] = []): TransferResult =>
  planning(batches, kinds, { dryRun: true });

const facts = (bytes: number, reused = 0, method: HandoffFacts['method'] = 'server'): HandoffFacts => ({
  method,
  bytes,
  reused,
  seconds: 2,
});

describe('statusOf', () => {
  it.each([
    { name: 'everything verified', of: result([batch(['verified', 'verified'])]), status: 'succeeded' },
    { name: 'everything exported', of: result([batch(['exported'])]), status: 'succeeded' },
    { name: 'everything handed off', of: result([batch(['handed-off'])]), status: 'succeeded' },
    { name: 'everything there, unverified', of: result([batch(['unverified'])]), status: 'succeeded' },
    { name: 'some verified, some there before', of: result([batch(['verified', 'present'])]), status: 'succeeded' },
    { name: 'everything there before', of: result([batch(['present', 'present'])]), status: 'nothing-to-do' },
    { name: 'nothing at all', of: result([]), status: 'nothing-to-do' },
    { name: 'a blob by name that moved', of: result([batch([], { bytes: 5 })]), status: 'succeeded' },
    {
      name: 'a blob that an earlier attempt had brought whole',
      of: result([batch([], { handoff: facts(0, 5) })]),
      status: 'succeeded',
    },
    { name: 'a blob by name that was there', of: result([batch([])]), status: 'nothing-to-do' },
    { name: 'one verified, one failed', of: result([batch(['verified', 'failed'])]), status: 'partial' },
    { name: 'one there before, one failed', of: result([batch(['present', 'failed'])]), status: 'partial' },
    { name: 'everything failed', of: result([batch(['failed', 'failed'])]), status: 'failed' },
    { name: 'a batch that failed', of: result([batch(['failed'], { failure: broken() })]), status: 'failed' },
    { name: 'a blob by name that failed', of: result([batch([], { failure: broken() })]), status: 'failed' },
    {
      name: 'a blob by name that moved, and one that failed',
      of: result([batch([], { bytes: 5 }), batch([], { failure: broken() })]),
      status: 'partial',
    },
    {
      name: 'all exported, but the manifest was not left',
      of: result([batch(['exported'])], { failures: [broken()] }),
      status: 'partial',
    },
    { name: 'stopped early', of: result([], { selected: 3, failures: [broken()] }), status: 'failed' },
    { name: 'a dry run with something ahead', of: dryRun([batch(['planned'])]), status: 'succeeded' },
    { name: 'a dry run with nothing ahead', of: dryRun([]), status: 'nothing-to-do' },
    { name: 'a dry run of which some cannot travel', of: dryRun([batch(['planned'])], ['blocked']), status: 'partial' },
    { name: 'a dry run of which nothing can travel', of: dryRun([], ['blocked']), status: 'failed' },
    { name: 'everything there already', of: planning([], ['present', 'excluded', 'gone']), status: 'nothing-to-do' },
    { name: 'nothing but a warning', of: result([batch(['verified'])], { warnings: ['look'] }), status: 'succeeded' },
  ])('$name: $status', ({ of, status }) => {
    expect(statusOf(of)).toBe(status);
  });
});

describe('countOutcomes', () => {
  it('counts each artifact once', () => {
    const outcomes: Outcome[] = ['exported', 'handed-off', 'verified', 'unverified', 'present', 'failed', 'failed'];

    expect(countOutcomes(result([batch(outcomes)]))).toEqual({ selected: 7, transferred: 4, skipped: 1, failed: 2 });
  });

  it('counts what a plan says stays: there already, or not able to travel', () => {
    const of = planning([batch(['verified'])], ['present', 'present', 'blocked', 'subject-stays', 'excluded', 'gone']);

    expect(countOutcomes(of)).toEqual({ selected: 5, transferred: 1, skipped: 2, failed: 2 });
  });

  it('counts what is planned as neither', () => {
    expect(countOutcomes(dryRun([batch(['planned'])], ['present']))).toEqual({
      selected: 2,
      transferred: 0,
      skipped: 1,
      failed: 0,
    });
  });

  it('counts what never became part of a batch as failed', () => {
    expect(countOutcomes(result([], { selected: 3 }))).toEqual({ selected: 3, transferred: 0, skipped: 0, failed: 3 });
  });
});

describe('allFailures', () => {
  it('has each once, those of single artifacts last', () => {
    const missing = failure('ACRT6002', { reference: 'a:1', registry: 'r', digest: 'd' });
    const first = batch(['failed'], { artifacts: [artifact('failed', missing)] });
    const second = batch(['failed'], { failure: broken('export2') });
    const of = result([first, second, second], { failures: [broken('export1')] });

    expect(allFailures(of).map(({ message }) => message)).toEqual([
      'ACRT4001 Run export1 failed: broken',
      'ACRT4001 Run export2 failed: broken',
      missing.message,
    ]);
  });
});

describe('reportDocument', () => {
  it('passes its own schema, whatever happened', () => {
    const of = result([batch(['verified'], { bytes: 7 }), batch(['failed'], { failure: broken() })], {
      warnings: ['look'],
    });
    const document = reportDocument(of, null);

    expect(REPORT.schema.safeParse(document)).toEqual({ success: true, data: document });
    expect(document).toMatchObject({
      status: 'partial',
      seconds: 10,
      bytes: 7,
      createdAt: '2026-01-01T00:00:10.000Z',
      failures: [{ id: 'ACRT4001' }],
      batches: [{ stages: [{ stage: 'export', seconds: 1.5, startedAt: '2026-01-01T00:00:00.000Z' }] }, {}],
    });
  });

  it('says of everything why it travels or stays', () => {
    const of = planning([batch(['verified'])], ['present', 'blocked', 'subject-stays', 'excluded', 'gone']);
    const document = reportDocument(of, null);

    expect(REPORT.schema.safeParse(document)).toEqual({ success: true, data: document });
    expect(document.planned).toEqual({ bytes: 20, naiveBytes: 30, incremental: 'target' });
    expect(document.artifacts.map(({ outcome, why, failure: id }) => [outcome, why, id])).toEqual([
      ['verified', expect.stringContaining(digestOf('before').slice(0, 19)), null],
      ['present', 'already there', null],
      ['failed', 'A pipeline run failed', 'ACRT4001'],
      ['failed', 'what it refers to stays', null],
    ]);
    expect(document.leftOut).toEqual([
      { reference: 'team/web:v3', why: 'left out by line 2' },
      { reference: 'team/web:v4', why: 'gone from the source; stays at the target' },
    ]);
  });

  it('tells of a dry run how large its blobs would be, and that nothing has moved', () => {
    const document = reportDocument(
      dryRun([batch(['planned'], { batch: { index: 1, blob: 'nightly-1.tar', artifacts: [], bytes: 20 } })]),
      null,
    );

    expect(document).toMatchObject({ dryRun: true, bytes: 0, batches: [{ bytes: 20 }] });
  });

  it('passes its own schema also when the service names artifacts in a way of its own', () => {
    const odd = { ...artifact('unverified'), reference: 'Team/API:v1' };
    const document = reportDocument(result([batch([], { artifacts: [odd] })]), null);

    expect(REPORT.schema.safeParse(document).success).toBe(true);
  });

  it('adds up the handoffs, in the time in which one was under way', () => {
    const carried = (from: number, to: number, handoff: HandoffFacts | null): BatchResult =>
      batch(['handed-off'], {
        handoff,
        stages: [
          { stage: 'export', outcome: 'done', startedAt: START, endedAt: START + 60_000 },
          {
            stage: 'handoff',
            outcome: handoff === null ? 'skipped' : 'done',
            startedAt: START + from * 1000,
            endedAt: START + to * 1000,
          },
        ],
      });
    const batches = [
      carried(30, 40, facts(10)),
      carried(0, 10, facts(100, 7, 'stream')),
      carried(5, 15, facts(1)),
      carried(6, 7, facts(2)),
      carried(50, 55, null),
    ];
    const document = reportDocument(result(batches), null);

    expect(REPORT.schema.safeParse(document)).toEqual({ success: true, data: document });
    expect(document.handoff).toEqual({ blobs: 4, methods: ['server', 'stream'], bytes: 113, reused: 7, seconds: 25 });
    expect(document.batches.map(({ handoff }) => handoff)).toEqual([
      facts(10),
      facts(100, 7, 'stream'),
      facts(1),
      facts(2),
      null,
    ]);
  });

  it('tells of no handoff where there was none', () => {
    expect(reportDocument(result([batch(['exported'])]), null)).toMatchObject({
      handoff: null,
      batches: [{ handoff: null }],
    });
  });
});
