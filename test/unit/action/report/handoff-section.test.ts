import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { transferSummary } from '../../../../src/action/report/transfer-report.ts';
import type { ReportDocument } from '../../../../src/transfer/documents/report-schema.ts';
import { REPORT_DOCUMENT } from '../../transfer/documents/documents.fixture.ts';
import { handed, MIB } from '../inputs/handed.fixture.ts';

const report = (changes: Partial<ReportDocument> = {}): ReportDocument => ({ ...REPORT_DOCUMENT, ...changes });

describe('the handoff', () => {
  const totals = {
    blobs: 3,
    methods: ['server'],
    bytes: 400 * MIB,
    reused: 0,
    seconds: 8,
  } satisfies ReportDocument['handoff'];
  const workspace = process.env['GITHUB_WORKSPACE'];
  beforeEach(() => {
    process.env['GITHUB_WORKSPACE'] = resolve('.');
  });
  afterEach(() => {
    if (workspace === undefined) delete process.env['GITHUB_WORKSPACE'];
    else process.env['GITHUB_WORKSPACE'] = workspace;
  });

  const container = 'https://a.blob.core.windows.net/transfer';
  const handoff = (changes: Partial<ReportDocument> = {}): string =>
    transferSummary(report({ mode: 'handoff', handoff: totals, batches: [handed('done')], ...changes }));

  it.each([
    { name: 'by storage', changes: {}, text: '3 blobs, 400 MiB in 8.0 s (50.0 MiB/s), storage to storage' },
    {
      name: 'by the runner',
      changes: { methods: ['stream'] },
      text: '3 blobs, 400 MiB in 8.0 s (50.0 MiB/s), through this runner',
    },
    {
      name: 'both ways',
      changes: { methods: ['server', 'stream'] },
      text: '3 blobs, 400 MiB in 8.0 s (50.0 MiB/s), storage to storage and through this runner',
    },
    {
      name: 'resumed',
      changes: { reused: 2 * MIB },
      text: '3 blobs, 400 MiB in 8.0 s (50.0 MiB/s), storage to storage; 2.0 MiB more from an earlier attempt',
    },
    { name: 'in a very short time', changes: { seconds: 0.4 }, text: '3 blobs, 400 MiB in 0.4 s, storage to storage' },
    { name: 'without sizes', changes: { bytes: 0 }, text: '3 blobs, 0 B in 8.0 s, storage to storage' },
  ] as readonly { name: string; changes: Partial<typeof totals>; text: string }[])(
    'has a line with its totals: $name',
    ({ changes, text }) => {
      const line = handoff({ handoff: { ...totals, ...changes } })
        .split('\n')
        .find((item) => item.includes('Handoff:'));

      expect(line).toBe(`🚚 <b>Handoff:</b> ${text}`);
    },
  );

  it('has no line without a handoff', () => {
    expect(transferSummary(report())).not.toContain('Handoff');
  });

  it('has a rate of the whole transfer only without a handoff', () => {
    expect(transferSummary(report()).split('\n')[2]).toContain('1.0 MiB in 10 s (102 KiB/s)');
    expect(transferSummary(report({ handoff: totals })).split('\n')[2]).toContain('1.0 MiB in 10 s · ');
    expect(handoff().split('\n')[2]).not.toContain(' in ');
  });

  it('has the rate of every blob in the table, and its method if methods differ', () => {
    const one = handoff();
    const both = handoff({
      handoff: { ...totals, methods: ['server', 'stream'] },
      batches: [handed('done'), handed('done', { method: 'stream', reused: 28 * MIB }), handed('skipped')],
    });

    expect(one).toContain('| 100&nbsp;MiB | 4.0&nbsp;s&nbsp;·&nbsp;25.0&nbsp;MiB/s |');
    expect(one).not.toMatch(/\| (?:By|Earlier) \|/);
    expect(both).toContain('| Size | Handoff | Earlier | By |');
    expect(both).toContain('| 128&nbsp;MiB | 4.0&nbsp;s&nbsp;·&nbsp;25.0&nbsp;MiB/s | 28.0&nbsp;MiB | runner |');
  });

  it.each([
    {
      name: 'out',
      from: container,
      to: '/mnt/disk/media',
      way: 'directory <code>/mnt/disk/media</code>',
      checked: true,
    },
    {
      name: 'in',
      from: '/mnt/disk/media',
      to: container,
      way: 'directory <code>/mnt/disk/media</code> → <code>https',
      checked: false,
    },
    {
      name: 'below the workspace',
      from: container,
      to: resolve('media'),
      way: 'directory <code>./media</code>',
      checked: true,
    },
  ])('names a directory: $name', ({ from, to, way, checked }) => {
    const text = handoff({ from, to });

    expect(text.replaceAll('&#58;', ':')).toContain(way);
    expect(text.includes('sha256sum -c SHA256SUMS')).toBe(checked);
  });

  it('does not suggest to check an empty directory', () => {
    expect(handoff({ to: '/mnt/disk', batches: [], handoff: null, status: 'failed' })).not.toContain('SHA256SUMS');
  });
});
