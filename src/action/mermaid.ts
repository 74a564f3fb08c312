/**
 * A timeline as a Mermaid diagram, which GitHub draws. Nothing of what others wrote is in it: batches have numbers, stages
 * have our own names, so that no name can break it or carry a directive in.
 */
import { formatCount, formatSeconds } from './format.ts';
import type { Bar, Row, Timeline } from './timeline.ts';

/** What a bar of the whole width has room for, letters of Mermaid's 11 px. */
const LETTERS_ACROSS = 130;

/** Below this share of the whole a bar could not be seen. */
const LEAST_SHARE = 0.004;

/** Mermaid wants a name; this one leaves the bar empty (U+2800, a blank that is not trimmed). */
const NO_NAME = '\u2800';

/** Colours of the themes: each stage has one, and what failed has that of what is critical. */
const TAG: Readonly<Record<Bar['stage'], string>> = {
  export: '',
  handoff: 'active, ',
  import: 'done, ',
  verify: '',
};

/** Mermaid reads times as local and shows them as local: written without a zone they stay those of UTC. */
const clock = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 23);

function bar({ stage, failed, start, seconds }: Bar, { startedAt, seconds: whole }: Timeline): string {
  const full = failed ? `${stage} ✗` : stage;
  const name = (seconds / whole) * LETTERS_ACROSS > full.length + 2 ? full : NO_NAME;
  const length = Math.ceil(Math.max(seconds, whole * LEAST_SHARE) * 1000);
  return `  ${name} :${failed ? 'crit, ' : TAG[stage]}${clock(startedAt + start * 1000)}, ${length}ms`;
}

const row = ({ number, bars }: Row, timeline: Timeline): readonly string[] => [
  `  section Batch ${number}`,
  ...bars.map((item) => bar(item, timeline)),
];

const SHORT_SECONDS = 600;

/** The diagram, with a title and a description for those who cannot see it; without a fence. */
export const mermaidOf = (timeline: Timeline): string =>
  [
    '---',
    'displayMode: compact',
    'config:',
    '  gantt:',
    '    leftPadding: 70',
    '    numberSectionStyles: 2',
    '---',
    'gantt',
    '  accTitle: When each batch was under way',
    `  accDescr: ${formatCount(timeline.rows.length, 'batch', 'batches')} in ${formatSeconds(timeline.seconds)}. The same is told as a table below.`,
    '  dateFormat YYYY-MM-DDTHH:mm:ss.SSS',
    `  axisFormat ${timeline.seconds < SHORT_SECONDS ? '%H:%M:%S' : '%H:%M'}`,
    '  todayMarker off',
    ...timeline.rows.flatMap((item) => row(item, timeline)),
  ].join('\n');
