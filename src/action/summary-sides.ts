/** Where to look: registries, pipelines and containers of both sides, in the right cloud's portal. */
import type { ReportDocument } from '../transfer/report-schema.ts';
import { code, link, section, table, type Block, type Text } from './blocks.ts';
import { portalUrl, type ReportSide } from './portal.ts';

const lastPart = (resourceId: string): string => resourceId.slice(resourceId.lastIndexOf('/') + 1);

const resource = (side: ReportSide, resourceId: string | null): Text =>
  resourceId === null ? '' : link(portalUrl(side, resourceId), lastPart(resourceId));

/** `account/container`: the rest of the URI is the cloud's. */
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
];

/** One table of what is known; nothing when nothing is. */
export function sideBlocks({ sides: { source, target } }: ReportDocument): readonly Block[] {
  const both = [
    { title: 'Source', side: source },
    { title: 'Target', side: target },
  ];
  const known = both.flatMap(({ title, side }) => (side === null ? [] : [{ title, side }]));
  if (known.length === 0) return [];
  const told = FACTS.filter(([, fact]) => known.some(({ side }) => fact(side) !== ''));
  const rows = known.map(({ title, side }) => [title, ...told.map(([, fact]) => fact(side))]);
  return [section('Where', 0, table(['', ...told.map(([title]) => title)], rows))];
}
