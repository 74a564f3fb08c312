/** The timeline: a picture, and the same in words for those who cannot see it. */
import { folded, ours, section, table, unbroken, type Block } from './blocks.ts';
import type { ReportDocument } from '../transfer/report-schema.ts';
import { formatNumber, formatSeconds } from './format.ts';
import { timelineOf, type Bar, type Timeline } from './timeline.ts';

const clockText = ({ startedAt }: Timeline, { start }: Bar): string =>
  new Date(startedAt + start * 1000).toISOString().slice(11, 19);

const rowsOf = (timeline: Timeline) =>
  timeline.rows.flatMap(({ number, bars }) =>
    bars.map((bar) => [
      String(number),
      `${bar.stage}${bar.failed ? ', failed' : ''}`,
      ours(clockText(timeline, bar)),
      unbroken(formatSeconds(bar.start)),
      unbroken(formatSeconds(bar.seconds)),
    ]),
  );

/** The section; none where nothing took any time. */
export function timelineBlocks(report: ReportDocument): readonly Block[] {
  const timeline = timelineOf(report);
  if (timeline === null) return [];
  const { rows, hidden } = timeline;
  const shown = hidden > 0 ? `, ${rows.length} of ${formatNumber(rows.length + hidden)} batches` : '';
  const twin = table(['>Batch', 'Stage', '>Began (UTC)', '>After', '>Took'], rowsOf(timeline));
  return [
    section(
      ours(`Timeline (UTC)${shown}`),
      0,
      { kind: 'timeline', timeline },
      folded(ours('The timeline in words'), twin),
    ),
  ];
}
