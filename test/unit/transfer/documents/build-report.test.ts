import { describe, expect, it } from '@jest/globals';
import { reportDocument } from '../../../../src/transfer/documents/build-report.ts';
import { REPORT } from '../../../../src/transfer/documents/report-schema.ts';
import { transferError } from '../../../../src/transfer/errors/transfer-error.ts';
import type { BatchResult, HandoffFacts } from '../../../../src/transfer/model/result.ts';
import type { SideFacts } from '../../../../src/transfer/model/side.ts';
import { checkResultsOf } from '../../../../src/transfer/preflight/check-results.ts';
import { digestOf } from '../ports/registry.fixture.ts';
import { artifact, batch, broken, dryRun, facts, planning, result, START } from './build-report.fixture.ts';

describe('reportDocument', () => {
  it('matches its schema for every result', () => {
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

  it('has the reason of each artifact', () => {
    const of = planning([batch(['verified'])], ['present', 'blocked', 'subject-stays', 'excluded', 'deleted']);
    const document = reportDocument(of, null);

    expect(REPORT.schema.safeParse(document)).toEqual({ success: true, data: document });
    expect(document.planned).toEqual({ bytes: 20, naiveBytes: 30, incremental: 'target' });
    expect(document.artifacts.map(({ outcome, why, failure: id }) => [outcome, why, id])).toEqual([
      ['verified', expect.stringContaining(digestOf('before').slice(0, 19)), null],
      ['present', 'up to date', null],
      ['failed', 'A pipeline run failed', 'ACRT4001'],
      ['failed', 'its subject is skipped', null],
    ]);
    expect(document.leftOut).toEqual([
      { reference: 'team/web:v3', why: 'excluded by line 2' },
      { reference: 'team/web:v4', why: 'deleted at the source; kept at the target' },
    ]);
  });

  it('has the planned blob sizes of a dry run, and no handoff', () => {
    const document = reportDocument(
      dryRun([batch(['planned'], { batch: { index: 1, blob: 'nightly-1.tar', artifacts: [], bytes: 20 } })]),
      null,
    );

    expect(document).toMatchObject({ dryRun: true, bytes: 0, batches: [{ bytes: 20 }] });
  });

  it('matches its schema with unusual artifact names of the service', () => {
    const odd = { ...artifact('unverified'), reference: 'Team/API:v1' };
    const document = reportDocument(result([batch([], { artifacts: [odd] })]), null);

    expect(REPORT.schema.safeParse(document).success).toBe(true);
  });

  it('adds up handoffs, and counts overlapping time once', () => {
    const batchFrom = (from: number, to: number, handoff: HandoffFacts | null): BatchResult =>
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
      batchFrom(30, 40, facts(10)),
      batchFrom(0, 10, facts(100, 7, 'stream')),
      batchFrom(5, 15, facts(1)),
      batchFrom(6, 7, facts(2)),
      batchFrom(50, 55, null),
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

  it('has no handoff totals without a handoff', () => {
    expect(reportDocument(result([batch(['exported'])]), null)).toMatchObject({
      handoff: null,
      batches: [{ handoff: null }],
    });
  });

  const side = (name: string, changes: Partial<SideFacts> = {}): SideFacts => ({
    cloud: 'azurecloud',
    portal: 'https://portal.azure.com',
    registryId: `/registries/${name}`,
    pipelineId: `/registries/${name}/pipelines/nightly`,
    container: `https://${name}.blob.core.windows.net/transfer`,
    startsRuns: true,
    ...changes,
  });
  const stages = (...names: readonly BatchResult['stages'][number]['stage'][]): BatchResult['stages'] =>
    names.map((stage) => ({ stage, run: `${stage}1`, outcome: 'done', startedAt: START, endedAt: START }));

  it('has the facts of the sides, and the IDs of the runs', () => {
    const both = batch(['verified'], { stages: stages('export', 'import') });
    const document = reportDocument(
      result([both, batch(['exported'], { stages: stages('export') })], {
        sides: { source: side('from'), target: side('to') },
      }),
      null,
    );

    expect(REPORT.schema.safeParse(document)).toEqual({ success: true, data: document });
    expect(document.sides.source).toEqual({
      cloud: 'azurecloud',
      portal: 'https://portal.azure.com',
      identity: null,
      registryId: '/registries/from',
      pipelineId: '/registries/from/pipelines/nightly',
      container: 'https://from.blob.core.windows.net/transfer',
      storageAccountId: null,
    });
    expect(document.batches.map(({ runs }) => runs)).toEqual([
      {
        export: '/registries/from/pipelineRuns/export1',
        import: '/registries/to/pipelineRuns/import1',
      },
      { export: '/registries/from/pipelineRuns/export1', import: null },
    ]);
  });

  it('B14: names no run that the stage did not observe, and the last one of a repeated stage', () => {
    const [imported] = stages('import');
    const observed = [imported!, { ...imported!, run: 'import2' }];
    const { run: _, ...unobserved } = imported!;
    const of = result([batch([], { stages: observed }), batch([], { stages: [unobserved] })], {
      sides: { source: null, target: side('to') },
    });

    expect(reportDocument(of, null).batches.map(({ runs }) => runs.import)).toEqual([
      '/registries/to/pipelineRuns/import2',
      null,
    ]);
  });

  it.each([
    { name: 'there is no registry', target: side('to', { registryId: null }) },
    { name: 'the side is unknown', target: null },
  ])('has no run IDs if $name', ({ target }) => {
    const of = result([batch(['verified'], { stages: stages('import') })], { sides: { source: null, target } });

    expect(reportDocument(of, null).batches[0]?.runs).toEqual({ export: null, import: null });
  });

  it('has the checks in reading order', () => {
    const fault = transferError('ACRT3020', { pipeline: 'importer', id: '/importer' });
    const checks = [
      checkResultsOf('target', 'tags').unknown('no right'),
      checkResultsOf('target', 'pipeline-options').warning(fault),
      checkResultsOf('source', 'sign-in').ok('signed in'),
    ];
    const document = reportDocument(result([], { checks }), null);

    expect(REPORT.schema.safeParse(document)).toEqual({ success: true, data: document });
    expect(document.checks).toEqual([
      { side: 'source', check: 'sign-in', verdict: 'ok', text: 'signed in', failure: null },
      { side: 'target', check: 'pipeline-options', verdict: 'warning', text: fault.facts.title, failure: fault.facts },
      { side: 'target', check: 'tags', verdict: 'unknown', text: 'no right', failure: null },
    ]);
  });

  it('has the kind of reason of each artifact', () => {
    const document = reportDocument(planning([batch(['verified'])], ['present', 'blocked', 'subject-stays']), null);

    expect(document.artifacts.map(({ reason }) => reason)).toEqual(['changed', 'present', 'blocked', 'subject-stays']);
  });

  it('reads a report of the previous release, without sides and checks', () => {
    const { sides, startedAt, checks, documents, ...before } = reportDocument(result([batch(['verified'])]), null);

    expect(REPORT.schema.parse(before)).toMatchObject({
      sides: { source: null, target: null },
      startedAt: null,
      checks: [],
      documents: { plan: null, manifest: null, receipt: null },
    });
    expect([sides, startedAt, checks, documents]).not.toContain(undefined);
  });
});
