/** The job summary of a setup. */
import type { SetupResult } from '../transfer/setup/result.ts';
import { callout, code, ours, paragraph, prose, table, verdict, type Block, type Text } from './blocks.ts';
import { blocksMarkdown } from './blocks-markdown.ts';
import { formatCount } from './format.ts';
import { changeTitle } from './setup-log.ts';
import { failureBlock } from './summary-problems.ts';

const DONE: Readonly<Record<SetupResult['state'], string>> = {
  present: 'Set up',
  rotate: 'Rotated',
  absent: 'Torn down',
};

/** The first line. */
export function setupHeadline({ status, state, changes, failures }: SetupResult): string {
  const count = formatCount(changes.length, 'change');
  const done = changes.filter((change) => change.done).length;
  switch (status) {
    case 'unchanged':
      return state === 'absent' ? '✅ Nothing there to tear down' : '✅ Nothing to change';
    case 'changed':
      return `✅ ${DONE[state]}: ${count}`;
    case 'planned':
      return `📋 Would make ${count}`;
    case 'failed':
      return `❌ ${formatCount(failures.length, 'problem')}; ${done} of ${count} made`;
  }
}

const COLUMNS = ['What', 'Before', 'After', 'Done'];

/** Resource IDs in the table, where the first half says nothing that stands not below it. They do not break, and widen it. */
const GROUP = /\/subscriptions\/[^/\s]+\/resourceGroups\/[^/\s]+\/providers\/Microsoft\.\w+\//gi;
const brief = (text: string): string => text.replaceAll(GROUP, '…/').replaceAll('/blobServices/default/', '/…/');

const rowOf = (change: SetupResult['changes'][number], planned: boolean): readonly Text[] => [
  brief(changeTitle(change)),
  change.from === null ? ours('–') : brief(change.from),
  change.to === null ? ours('–') : brief(change.to),
  ours(planned ? '' : change.done ? '✅' : '❌'),
];

function changeBlocks({ changes, status }: SetupResult): readonly Block[] {
  if (changes.length === 0) return [];
  return [
    table(
      COLUMNS,
      changes.map((change) => rowOf(change, status === 'planned')),
    ),
  ];
}

function factBlocks({ pipelineId, principalId, sasExpiresAt }: SetupResult): readonly Block[] {
  return [
    paragraph([ours('Pipeline '), code(pipelineId)]),
    ...(principalId === null ? [] : [paragraph([ours('Identity '), code(principalId)])]),
    ...(sasExpiresAt === null ? [] : [paragraph(ours(`Its SAS ends at ${new Date(sasExpiresAt).toISOString()}.`))]),
  ];
}

/** The summary, GitHub-flavoured Markdown. */
export const setupSummary = (result: SetupResult): string =>
  `${blocksMarkdown([
    verdict(ours(setupHeadline(result))),
    ...result.failures.map((facts) => failureBlock(facts)),
    ...result.warnings.map((text) => callout('warning', prose(text))),
    ...changeBlocks(result),
    ...factBlocks(result),
  ])}\n`;
