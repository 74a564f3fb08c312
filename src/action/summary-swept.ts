/** What cleaning up has removed, in a line for each side. */
import type { ReportDocument } from '../transfer/report-schema.ts';
import { formatBytes } from '../transfer/size.ts';
import { ours, small, type Block } from './blocks.ts';
import { formatCount } from './format.ts';

const lineOf = ({ side, runs, blobs, bytes }: ReportDocument['swept'][number]): string =>
  `Cleaned up at the ${side}: ${formatCount(runs, 'pipeline run')} and ${formatCount(blobs, 'blob')} (${formatBytes(bytes)}) of older transfers.`;

/** Nothing where nothing was removed. */
export const sweptBlocks = ({ swept }: ReportDocument): readonly Block[] =>
  swept.filter(({ runs, blobs }) => runs + blobs > 0).map((side) => small(ours(lineOf(side))));
