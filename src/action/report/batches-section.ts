/** Sections about the batches and their timeline. */
import type { ReportDocument } from '../../transfer/documents/index.ts';
import { formatBytes } from '../../transfer/model/bytes.ts';
import { formatCount, formatNumber, formatRate, formatSeconds } from '../text/format.ts';
import { code, folded, link, moreBlocks, section, table, trusted, unbroken, type Block, type Text } from './blocks.ts';
import { portalUrl } from './links.ts';
import { timelineOf, type Bar, type Timeline } from './timeline.ts';

type ReportBatch = ReportDocument['batches'][number];
type StageName = ReportBatch['stages'][number]['stage'];

const STAGES: readonly StageName[] = ['export', 'handoff', 'check', 'import', 'verify'];

const STAGE_TITLE: Readonly<Record<StageName, string>> = {
  export: 'Export',
  handoff: 'Handoff',
  check: 'Check',
  import: 'Import',
  verify: 'Verify',
};

function rateOf({ handoff }: ReportBatch): string {
  const rate = handoff === null ? null : formatRate(handoff.bytes, handoff.seconds);
  return rate === null ? '' : ` · ${rate}`;
}

/** Portal page of a pipeline run; null for stages without a run. */
function runUrl({ runs }: ReportBatch, stage: StageName, { sides }: ReportDocument): string | null {
  if (stage === 'export') return portalUrl(sides.source, runs.export);
  return stage === 'import' ? portalUrl(sides.target, runs.import) : null;
}

function stageCell(batch: ReportBatch, name: StageName, report: ReportDocument): Text {
  const stages = batch.stages.filter(({ stage }) => stage === name);
  const last = stages.at(-1);
  if (last === undefined) return '';
  const url = runUrl(batch, name, report);
  if (last.outcome === 'skipped') return [unbroken('☑️ '), link(url, trusted('skipped'))];
  const seconds = stages.reduce((sum, stage) => sum + stage.seconds, 0);
  const rate = name === 'handoff' ? rateOf(batch) : '';
  const sign = last.outcome === 'failed' ? [trusted('❌ ')] : [];
  return [...sign, link(url, unbroken(`${formatSeconds(seconds)}${rate}`))];
}

/** A column of the table. Columns without any content are omitted. */
interface BatchColumn {
  /** In the format of {@link table}. */
  readonly title: string;
  readonly cell: (batch: ReportBatch, report: ReportDocument) => Text;
}

const sizeText = (bytes: number): Text => (bytes === 0 ? '' : unbroken(formatBytes(bytes)));

const COLUMNS: readonly BatchColumn[] = [
  { title: 'Transfer blob', cell: ({ blob }) => code(blob) },
  { title: '>Artifacts', cell: ({ artifacts }) => (artifacts === 0 ? '' : String(artifacts)) },
  { title: '>Size', cell: ({ bytes, handoff }) => sizeText(bytes + (handoff?.reused ?? 0)) },
  ...STAGES.map((name): BatchColumn => ({
    title: `>${STAGE_TITLE[name]}`,
    cell: (batch, report) => stageCell(batch, name, report),
  })),
];

const REUSED_COLUMN: BatchColumn = { title: '>Earlier', cell: ({ handoff }) => sizeText(handoff?.reused ?? 0) };

/** One word each, because the columns of the stages leave little space. */
const HANDOFF_METHOD = { server: 'storage', stream: 'runner' } as const;

const METHOD_COLUMN: BatchColumn = {
  title: 'By',
  cell: ({ handoff }) => (handoff === null ? '' : HANDOFF_METHOD[handoff.method]),
};

function batchTable(report: ReportDocument, limit: number): Block {
  const { batches, handoff } = report;
  const columns = [
    ...COLUMNS,
    REUSED_COLUMN,
    // If all batches have the same method, the line about the handoff shows it.
    ...(handoff !== null && handoff.methods.length > 1 ? [METHOD_COLUMN] : []),
  ].filter(({ cell }) => batches.some((batch) => cell(batch, report) !== ''));
  const rows = failedFirst(batches)
    .slice(0, limit)
    .map(({ batch, number }) => [String(number), ...columns.map(({ cell }) => cell(batch, report))]);
  return table(['>#', ...columns.map(({ title }) => title)], rows);
}

const hasFailed = ({ stages }: ReportBatch): boolean => stages.some(({ outcome }) => outcome === 'failed');

/** Failed batches come first, so that a truncated table contains them. */
function failedFirst(batches: readonly ReportBatch[]) {
  const numbered = batches.map((batch, index) => ({ batch, number: index + 1 }));
  return [...numbered.filter(({ batch }) => hasFailed(batch)), ...numbered.filter(({ batch }) => !hasFailed(batch))];
}

/**
 * The section about batches; empty without batches.
 * @param limit maximum number of rows of the table
 */
export function batchBlocks(report: ReportDocument, limit: number): readonly Block[] {
  const { length } = report.batches;
  if (length === 0) return [];
  const title = trusted(formatCount(length, 'batch', 'batches'));
  return [section(title, length, batchTable(report, limit), ...moreBlocks(length - limit))];
}

const clockText = ({ startedAt }: Timeline, { start }: Bar): string =>
  new Date(startedAt + start * 1000).toISOString().slice(11, 19);

const rowsOf = (timeline: Timeline) =>
  timeline.rows.flatMap(({ number, bars }) =>
    bars.map((bar) => [
      String(number),
      `${bar.stage}${bar.failed ? ', failed' : ''}`,
      trusted(clockText(timeline, bar)),
      unbroken(formatSeconds(bar.start)),
      unbroken(formatSeconds(bar.seconds)),
    ]),
  );

/** The section with the timeline; empty if no stage took any time. */
export function timelineBlocks(report: ReportDocument): readonly Block[] {
  const timeline = timelineOf(report);
  if (timeline === null) return [];
  const { rows, hidden } = timeline;
  const shown = hidden > 0 ? `, ${rows.length} of ${formatNumber(rows.length + hidden)} batches` : '';
  const timelineTable = table(['>Batch', 'Stage', '>Started (UTC)', '>After', '>Duration'], rowsOf(timeline));
  return [
    section(
      trusted(`Timeline (UTC)${shown}`),
      0,
      { kind: 'timeline', timeline },
      folded(trusted('Timeline as a table'), timelineTable),
    ),
  ];
}
