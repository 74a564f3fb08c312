/** The handoff as text, for the job summary and the last line of the log. */
import { isAbsolute, relative, sep } from 'node:path';
import type { ReportDocument } from '../../transfer/documents/index.ts';
import { formatBytes } from '../../transfer/model/bytes.ts';
import { formatCount, formatRate, formatSeconds } from '../text/format.ts';
import { bold, code, paragraph, trusted, type Block, type Inline } from './blocks.ts';

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

/** Whether a location is a directory. Registries are names and containers are URLs, so only a directory is a path. */
const isDirectory = (location: string): boolean => isAbsolute(location);

/** A path below the workspace as a relative path; any other path unchanged. */
function pathText(path: string): string {
  const relativePath = relative(process.env['GITHUB_WORKSPACE'] ?? '.', path);
  if (relativePath.startsWith('..') || isAbsolute(relativePath)) return path;
  return relativePath === '' ? '.' : `./${relativePath.split(sep).join('/')}`;
}

/** The source or target of a transfer. */
export const locationText = (location: string): readonly Inline[] =>
  isDirectory(location) ? [trusted('directory '), code(pathText(location))] : [code(location)];

/** The totals of the handoff, and the command that checks a directory. */
export function handoffBlocks({ handoff, to, dryRun, batches }: ReportDocument): readonly Block[] {
  const totals =
    handoff === null
      ? []
      : [paragraph([trusted('🚚 '), bold(trusted('Handoff:')), trusted(` ${handoffText(handoff)}`)])];
  if (to === null || !isDirectory(to) || dryRun || batches.length === 0) return totals;
  return [
    ...totals,
    paragraph([
      trusted('In '),
      ...locationText(to),
      trusted(', '),
      code('sha256sum -c SHA256SUMS'),
      trusted(' checks every file, on both sides.'),
    ]),
  ];
}
