/** A timeline as bars on the page: no script, no picture. */
import { formatSeconds } from './format.ts';
import { element, type Html } from './page-html.ts';
import type { Bar, Row, Timeline } from './timeline.ts';

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(2)}%`;

/** Below this share of the track a name does not fit into its bar. */
const LEAST_NAMED_SHARE = 0.09;

function bar({ stage, failed, start, seconds }: Bar, { seconds: whole }: Timeline): Html {
  const title = `${stage}${failed ? ' failed' : ''}, ${formatSeconds(seconds)}`;
  const style = `left:${percent(start, whole)};width:${percent(seconds, whole)}`;
  const name = seconds / whole < LEAST_NAMED_SHARE ? '' : `${stage}${failed ? ' ✗' : ''}`;
  return element('span', { class: `bar ${stage}${failed ? ' failed' : ''}`, style, title }, name);
}

const row = ({ number, bars }: Row, timeline: Timeline): Html =>
  element(
    'div',
    { class: 'row' },
    element('span', { class: 'name' }, `Batch ${number}`),
    element(
      'span',
      { class: 'track' },
      bars.map((item) => bar(item, timeline)),
    ),
  );

const MARKS = [0, 0.25, 0.5, 0.75, 1];

const clockText = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(11, 19);

const axis = ({ startedAt, seconds }: Timeline): Html =>
  element(
    'div',
    { class: 'row axis' },
    element('span', { class: 'name' }),
    element(
      'span',
      { class: 'marks' },
      MARKS.map((share) => element('span', {}, clockText(startedAt + seconds * share * 1000))),
    ),
  );

/** The bars of all batches; what they say is told to screen readers by the table that follows. */
export const timelineHtml = (timeline: Timeline): Html =>
  element(
    'div',
    { class: 'timeline', role: 'img', 'aria-label': 'When each batch was under way; the table below tells the same' },
    timeline.rows.map((item) => row(item, timeline)),
    axis(timeline),
  );
