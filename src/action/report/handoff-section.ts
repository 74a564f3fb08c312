/** The handoff in words: for the job summary, and for the last line of the log. */
import { isAbsolute, relative, sep } from 'node:path';
import type { ReportDocument } from '../../transfer/documents/index.ts';
import { formatBytes } from '../../transfer/model/bytes.ts';
import { formatCount, formatRate, formatSeconds } from '../text/format.ts';
import { bold, code, ours, paragraph, type Block, type Inline } from './blocks.ts';

type Totals = NonNullable<ReportDocument['handoff']>;

const METHOD_TEXT: Readonly<Record<Totals['methods'][number], string>> = {
  server: 'storage to storage',
  stream: 'through this runner',
};

/** `12 blobs, 6.0 GiB in 1 min 12 s (85.3 MiB/s), storage to storage; 1.0 GiB more from an earlier attempt`. */
export function handoffText({ blobs, methods, bytes, reused, seconds }: Totals): string {
  const rate = formatRate(bytes, seconds);
  const how = methods.map((method) => METHOD_TEXT[method]).join(' and ');
  const earlier = reused === 0 ? '' : `; ${formatBytes(reused)} more from an earlier attempt`;
  const time = `${formatSeconds(seconds)}${rate === null ? '' : ` (${rate})`}`;
  return `${formatCount(blobs, 'blob')}, ${formatBytes(bytes)} in ${time}, ${how}${earlier}`;
}

/** Registries are names and containers are URLs: only a directory is a path. */
const isDirectory = (place: string): boolean => isAbsolute(place);

/** A path as the workflow gives it: relative, below the workspace. */
function pathText(path: string): string {
  const below = relative(process.env['GITHUB_WORKSPACE'] ?? '.', path);
  if (below.startsWith('..') || isAbsolute(below)) return path;
  return below === '' ? '.' : `./${below.split(sep).join('/')}`;
}

/** One end of a transfer. */
export const locationText = (place: string): readonly Inline[] =>
  isDirectory(place) ? [ours('directory '), code(pathText(place))] : [code(place)];

/** The totals of the handoff, and how a directory is checked. */
export function handoffBlocks({ handoff, to, dryRun, batches }: ReportDocument): readonly Block[] {
  const totals =
    handoff === null ? [] : [paragraph([ours('🚚 '), bold(ours('Handoff:')), ours(` ${handoffText(handoff)}`)])];
  if (to === null || !isDirectory(to) || dryRun || batches.length === 0) return totals;
  return [
    ...totals,
    paragraph([
      ours('In '),
      ...locationText(to),
      ours(', '),
      code('sha256sum -c SHA256SUMS'),
      ours(' checks every file, on this side and on the other.'),
    ]),
  ];
}
