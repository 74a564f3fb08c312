/** Sections about the two sides, with portal links, and about the cleanup. */
import type { ReportDocument } from '../../transfer/documents/index.ts';
import { formatBytes } from '../../transfer/model/bytes.ts';
import { formatCount, formatIdentity } from '../text/format.ts';
import { code, link, section, small, table, trusted, type Block, type Text } from './blocks.ts';
import { portalUrl, type ReportSide } from './links.ts';

const lastPart = (resourceId: string): string => resourceId.slice(resourceId.lastIndexOf('/') + 1);

const resource = (side: ReportSide, resourceId: string | null): Text =>
  resourceId === null ? '' : link(portalUrl(side, resourceId), lastPart(resourceId));

/** `account/container`, without the domain of the cloud. */
function shortContainer(uri: string): string {
  const url = URL.parse(uri);
  return url === null ? uri : `${url.host.replace(/\.blob\..*$/, '')}${url.pathname}`;
}

const containerText = (side: ReportSide): Text => {
  const { container, storageAccountId } = side;
  return container === null
    ? ''
    : link(portalUrl(side, storageAccountId, '/containersList'), code(shortContainer(container)));
};

const FACTS: readonly (readonly [title: string, fact: (side: ReportSide) => Text])[] = [
  ['Cloud', ({ cloud }) => cloud],
  ['Registry', (side) => resource(side, side.registryId)],
  ['Pipeline', (side) => resource(side, side.pipelineId)],
  ['Container', containerText],
  ['Identity of the job', ({ identity }) => (identity === null ? '' : formatIdentity(identity))],
];

/** A table of the known facts; empty if there are none. */
export function sideBlocks({ sides: { source, target } }: ReportDocument): readonly Block[] {
  const both = [
    { title: 'Source', side: source },
    { title: 'Target', side: target },
  ];
  const known = both.flatMap(({ title, side }) => (side === null ? [] : [{ title, side }]));
  if (known.length === 0) return [];
  const shownFacts = FACTS.filter(([, fact]) => known.some(({ side }) => fact(side) !== ''));
  const rows = known.map(({ title, side }) => [title, ...shownFacts.map(([, fact]) => fact(side))]);
  return [section('Where', 0, table(['', ...shownFacts.map(([title]) => title)], rows))];
}

const lineOf = ({ side, runs, blobs, bytes }: ReportDocument['cleanup'][number]): string =>
  `Cleaned up at the ${side}: ${formatCount(runs, 'pipeline run')} and ${formatCount(blobs, 'blob')} (${formatBytes(bytes)}) of older transfers.`;

/** A line for each side where the cleanup removed something. */
export const cleanupBlocks = ({ cleanup }: ReportDocument): readonly Block[] =>
  cleanup.filter(({ runs, blobs }) => runs + blobs > 0).map((side) => small(trusted(lineOf(side))));
