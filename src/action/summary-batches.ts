/** The batches of a job summary, each with its stages. */
import type { ReportDocument } from '../transfer/schemas.ts';
import { formatBytes } from '../transfer/size.ts';
import { formatCount, formatRate, formatSeconds } from './format.ts';
import { code, table, unbroken } from './markdown.ts';
import { section } from './summary-section.ts';

type ReportBatch = ReportDocument['batches'][number];
type StageName = ReportBatch['stages'][number]['stage'];

const STAGES: readonly StageName[] = ['export', 'handoff', 'import', 'verify'];

const STAGE_TITLE: Readonly<Record<StageName, string>> = {
  export: 'Export',
  handoff: 'Handoff',
  import: 'Import',
  verify: 'Verify',
};

function rateOf({ handoff }: ReportBatch): string {
  const rate = handoff === null ? null : formatRate(handoff.bytes, handoff.seconds);
  return rate === null ? '' : ` · ${rate}`;
}

function stageCell(batch: ReportBatch, name: StageName): string {
  const stages = batch.stages.filter(({ stage }) => stage === name);
  const last = stages.at(-1);
  if (last === undefined) return '';
  if (last.outcome === 'skipped') return '☑️&nbsp;already';
  const seconds = stages.reduce((sum, stage) => sum + stage.seconds, 0);
  const rate = name === 'handoff' ? rateOf(batch) : '';
  return `${last.outcome === 'failed' ? '❌ ' : ''}${unbroken(`${formatSeconds(seconds)}${rate}`)}`;
}

/** A column; it is left out where no batch has anything to say in it. */
interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  readonly cell: (batch: ReportBatch) => string;
}

const sized = (bytes: number): string => (bytes === 0 ? '' : unbroken(formatBytes(bytes)));

const COLUMNS: readonly Column[] = [
  { title: 'Transfer blob', align: 'left', cell: ({ blob }) => code(blob) },
  { title: 'Artifacts', align: 'right', cell: ({ artifacts }) => (artifacts === 0 ? '' : String(artifacts)) },
  { title: 'Size', align: 'right', cell: ({ bytes, handoff }) => sized(bytes + (handoff?.reused ?? 0)) },
  ...STAGES.map((name): Column => ({
    title: STAGE_TITLE[name],
    align: 'right',
    cell: (batch) => stageCell(batch, name),
  })),
];

const FROM_EARLIER: Column = {
  title: 'Earlier',
  align: 'right',
  cell: ({ handoff }) => sized(handoff?.reused ?? 0),
};

/** In one word: the columns of four stages leave no room. */
const CARRIER = { server: 'storage', stream: 'runner' } as const;

const CARRIED_BY: Column = {
  title: 'By',
  align: 'left',
  cell: ({ handoff }) => (handoff === null ? '' : CARRIER[handoff.method]),
};

function batchTable({ batches, handoff }: ReportDocument, limit: number): string {
  const columns = [
    ...COLUMNS,
    FROM_EARLIER,
    // One way for all is said above.
    ...(handoff !== null && handoff.methods.length > 1 ? [CARRIED_BY] : []),
  ].filter(({ cell }) => batches.some((batch) => cell(batch) !== ''));
  const rows = failedFirst(batches)
    .slice(0, limit)
    .map(({ batch, number }) => [String(number), ...columns.map(({ cell }) => cell(batch))]);
  const head = ['#', ...columns.map(({ title }) => title)];
  return table(head, ['right', ...columns.map(({ align }) => align)], rows);
}

const hasFailed = ({ stages }: ReportBatch): boolean => stages.some(({ outcome }) => outcome === 'failed');

/** A table that is cut must not lose those that somebody looks for. */
function failedFirst(batches: readonly ReportBatch[]) {
  const numbered = batches.map((batch, index) => ({ batch, number: index + 1 }));
  return [...numbered.filter(({ batch }) => hasFailed(batch)), ...numbered.filter(({ batch }) => !hasFailed(batch))];
}

/**
 * The section about batches; none without batches.
 * @param limit rows of the table
 */
export function batchSections(report: ReportDocument, limit: number): string[] {
  const { length } = report.batches;
  if (length === 0) return [];
  const rest = length - limit;
  const more = rest > 0 ? `\n\n… and ${formatCount(rest, 'more', 'more')} in ${code('report.json')}.` : '';
  return [section(formatCount(length, 'batch', 'batches'), length, `${batchTable(report, limit)}${more}`)];
}
