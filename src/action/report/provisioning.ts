/** Result of provisioning: change lines, outputs, summary. */
import * as core from '@actions/core';
import type { Change, ProvisioningEvent, ProvisioningResult } from '../../provisioning/index.ts';
import type { TransferErrorFacts } from '../../transfer/errors/index.ts';
import { withSetupInputNames } from '../runner/inputs.ts';
import { print } from '../runner/log.ts';
import { writeSummary } from '../runner/outputs.ts';
import { formatCount, formatSeconds } from '../text/format.ts';
import { showProblems } from './annotations.ts';
import { callout, code, ours, paragraph, prose, table, verdict, type Block, type Text } from './blocks.ts';
import { blocksMarkdown } from './markdown.ts';
import { errorBlock } from './problems-section.ts';
import { errorSummary, tryWrite } from './transfer-report.ts';

const SUBJECT: Readonly<Record<Change['subject'], string>> = {
  pipeline: 'pipeline',
  container: 'container',
  role: 'role',
  'secret-access': 'right',
  sas: 'SAS',
  secret: 'secret',
  run: 'pipeline run',
  blobs: 'blobs',
};

/** What a change is of, for people: `role Storage Blob Data Reader at …`. */
export const changeTitle = ({ subject, what }: Change): string => `${SUBJECT[subject]} ${what}`;

const oneLine = (text: string): string => text.replace(/\s*[\r\n\u0085\u2028\u2029]+\s*/g, ' ');

/** `+ role …`, `~ pipeline options: a → b`, `- pipeline …`. */
export function changeLine(change: Change): string {
  const { from, to } = change;
  const title = changeTitle(change);
  if (from === null) return oneLine(`+ ${title}: ${to ?? ''}`);
  return oneLine(to === null ? `- ${title}: ${from}` : `~ ${title}: ${from} → ${to}`);
}

/** The lines of an event. */
export function eventLines(event: ProvisioningEvent): readonly string[] {
  switch (event.kind) {
    case 'difference':
      return event.changes.length === 0
        ? ['Nothing differs.']
        : [
            `${formatCount(event.changes.length, 'difference')}:`,
            ...event.changes.map((change) => `  ${changeLine(change)}`),
          ];
    case 'changed':
      return [`done: ${changeLine(event.change)}`];
    case 'waiting':
      return [oneLine(`waiting ${formatSeconds(event.seconds)}: ${event.what}`)];
  }
}

const DONE: Readonly<Record<ProvisioningResult['state'], string>> = {
  present: 'Set up',
  rotate: 'Rotated',
  absent: 'Torn down',
};

/** The first line. */
export function provisioningHeadline({ status, state, changes, failures }: ProvisioningResult): string {
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

const rowOf = (change: ProvisioningResult['changes'][number], planned: boolean): readonly Text[] => [
  brief(changeTitle(change)),
  change.from === null ? ours('–') : brief(change.from),
  change.to === null ? ours('–') : brief(change.to),
  ours(planned ? '' : change.done ? '✅' : '❌'),
];

function changeBlocks({ changes, status }: ProvisioningResult): readonly Block[] {
  if (changes.length === 0) return [];
  return [
    table(
      COLUMNS,
      changes.map((change) => rowOf(change, status === 'planned')),
    ),
  ];
}

function factBlocks({ pipelineId, principalId, sasExpiresAt }: ProvisioningResult): readonly Block[] {
  return [
    paragraph([ours('Pipeline '), code(pipelineId)]),
    ...(principalId === null ? [] : [paragraph([ours('Identity '), code(principalId)])]),
    ...(sasExpiresAt === null ? [] : [paragraph(ours(`Its SAS ends at ${new Date(sasExpiresAt).toISOString()}.`))]),
  ];
}

/** The summary, GitHub-flavoured Markdown. */
export const provisioningSummary = (result: ProvisioningResult): string =>
  `${blocksMarkdown([
    verdict(ours(provisioningHeadline(result))),
    ...result.failures.map((facts) => errorBlock(facts)),
    ...result.warnings.map((text) => callout('warning', prose(text))),
    ...changeBlocks(result),
    ...factBlocks(result),
  ])}\n`;

const isoTime = (time: number | null): string => (time === null ? '' : new Date(time).toISOString());

function setOutputs(result: ProvisioningResult | null): void {
  const changes = result?.changes ?? [];
  const outputs = {
    status: result?.status ?? 'failed',
    changed: changes.some(({ done }) => done),
    changes: JSON.stringify(changes),
    'pipeline-id': result?.pipelineId ?? '',
    'principal-id': result?.principalId ?? '',
    'sas-expires': isoTime(result?.sasExpiresAt ?? null),
  };
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
}

/** Tells what came of a setup: outputs first, so that they are set whatever happens after. */
export async function reportProvisioning(given: ProvisioningResult): Promise<void> {
  const result = { ...given, failures: given.failures.map(withSetupInputNames) };
  setOutputs(result);
  await tryWrite('job summary', () => writeSummary(provisioningSummary(result)));
  print(provisioningHeadline(result));
  showProblems({ failures: result.failures, doubts: [], warnings: result.warnings });
  if (result.status === 'failed') process.exitCode = 1;
}

/** Tells of a failure before anything was begun. */
export async function reportProvisioningError(given: TransferErrorFacts): Promise<void> {
  const facts = withSetupInputNames(given);
  setOutputs(null);
  await tryWrite('job summary', () => writeSummary(errorSummary(facts)));
  showProblems({ failures: [facts], doubts: [], warnings: [] });
  process.exitCode = 1;
}
