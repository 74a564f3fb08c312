/** Reports provisioning: log lines, outputs, job summary. */
import * as core from '@actions/core';
import type { Change, ProvisioningEvent, ProvisioningResult } from '../../provisioning/index.ts';
import type { TransferErrorFacts } from '../../transfer/errors/index.ts';
import type { SignedInIdentity } from '../../transfer/model/side.ts';
import { withSetupInputNames } from '../runner/inputs.ts';
import { print } from '../runner/log.ts';
import { writeSummary } from '../runner/outputs.ts';
import { formatCount, formatIdentity, formatSeconds } from '../text/format.ts';
import { toOneLine } from '../text/untrusted-text.ts';
import { showProblems } from './annotations.ts';
import { callout, code, headlineBlock, paragraph, prose, table, trusted, type Block, type Text } from './blocks.ts';
import { blocksMarkdown } from './markdown.ts';
import { errorBlock } from './problems-section.ts';
import { errorSummary, tryWrite } from './transfer-report.ts';

const SUBJECT: Readonly<Record<Change['subject'], string>> = {
  pipeline: 'pipeline',
  container: 'container',
  role: 'role',
  'secret-access': 'permission',
  sas: 'SAS',
  secret: 'secret',
  run: 'pipeline run',
  blobs: 'blobs',
};

/** The title of a change: `role Storage Blob Data Reader at …`. */
const changeTitle = ({ subject, what }: Change): string => `${SUBJECT[subject]} ${what}`;

/** `+ role …`, `~ pipeline options: a → b`, `- pipeline …`. */
export function changeLine(change: Change): string {
  const { from, to } = change;
  const title = changeTitle(change);
  if (from === null) return toOneLine(`+ ${title}: ${to ?? ''}`);
  return toOneLine(to === null ? `- ${title}: ${from}` : `~ ${title}: ${from} → ${to}`);
}

/** The log lines of an event. */
export function eventLines(event: ProvisioningEvent): readonly string[] {
  switch (event.kind) {
    case 'difference':
      return event.changes.length === 0
        ? ['No differences.']
        : [
            `${formatCount(event.changes.length, 'difference')}:`,
            ...event.changes.map((change) => `  ${changeLine(change)}`),
          ];
    case 'changed':
      return [`done: ${changeLine(event.change)}`];
    case 'waiting':
      return [toOneLine(`waiting ${formatSeconds(event.seconds)}: ${event.what}`)];
  }
}

const DONE: Readonly<Record<ProvisioningResult['state'], string>> = {
  present: 'Set up',
  rotate: 'Rotated',
  absent: 'Torn down',
};

/** The first line of the job summary. */
export function provisioningHeadline({ status, state, changes, failures }: ProvisioningResult): string {
  const count = formatCount(changes.length, 'change');
  const done = changes.filter((change) => change.done).length;
  switch (status) {
    case 'unchanged':
      return state === 'absent' ? '✅ Nothing to tear down' : '✅ Nothing to change';
    case 'changed':
      return `✅ ${DONE[state]}: ${count}`;
    case 'planned':
      return `📋 Would make ${count}`;
    case 'failed':
      return `❌ ${formatCount(failures.length, 'problem')}; ${done} of ${count} made`;
  }
}

const COLUMNS = ['What', 'Before', 'After', 'Done'];

/**
 * The part of a resource ID that the table omits. The line about the pipeline below the table contains it, and long IDs widen
 * the table because they do not wrap.
 */
const RESOURCE_GROUP = /\/subscriptions\/[^/\s]+\/resourceGroups\/[^/\s]+\/providers\/Microsoft\.\w+\//gi;
const shortenIds = (text: string): string =>
  text.replaceAll(RESOURCE_GROUP, '…/').replaceAll('/blobServices/default/', '/…/');

const rowOf = (change: ProvisioningResult['changes'][number], planned: boolean): readonly Text[] => [
  shortenIds(changeTitle(change)),
  change.from === null ? trusted('–') : shortenIds(change.from),
  change.to === null ? trusted('–') : shortenIds(change.to),
  trusted(planned ? '' : change.done ? '✅' : '❌'),
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
    paragraph([trusted('Pipeline '), code(pipelineId)]),
    ...(principalId === null ? [] : [paragraph([trusted('Identity '), code(principalId)])]),
    ...(sasExpiresAt === null
      ? []
      : [paragraph(trusted(`Its SAS expires at ${new Date(sasExpiresAt).toISOString()}.`))]),
  ];
}

const identityBlocks = (identity: SignedInIdentity | null): readonly Block[] =>
  identity === null
    ? []
    : [paragraph(`The action signed in with the identity of the job: ${formatIdentity(identity)}`)];

/**
 * The job summary, GitHub Flavored Markdown.
 * @param identity the identity of the job; null if the inputs define the identity
 */
export const provisioningSummary = (result: ProvisioningResult, identity: SignedInIdentity | null = null): string =>
  `${blocksMarkdown([
    headlineBlock(trusted(provisioningHeadline(result))),
    ...result.failures.map((facts) => errorBlock(facts)),
    ...result.warnings.map((text) => callout('warning', prose(text))),
    ...changeBlocks(result),
    ...factBlocks(result),
    ...identityBlocks(identity),
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

/** Reports the result of provisioning. Sets the outputs first, so that a later error can't prevent it. */
export async function reportProvisioning(
  given: ProvisioningResult,
  identity: SignedInIdentity | null = null,
): Promise<void> {
  const result = { ...given, failures: given.failures.map(withSetupInputNames) };
  setOutputs(result);
  await tryWrite('job summary', () => writeSummary(provisioningSummary(result, identity)));
  print(provisioningHeadline(result));
  showProblems({ failures: result.failures, checkWarnings: [], warnings: result.warnings });
  if (result.status === 'failed') process.exitCode = 1;
}

/** Reports an error that occurred before provisioning started. */
export async function reportProvisioningError(given: TransferErrorFacts): Promise<void> {
  const facts = withSetupInputNames(given);
  setOutputs(null);
  await tryWrite('job summary', () => writeSummary(errorSummary(facts)));
  showProblems({ failures: [facts], checkWarnings: [], warnings: [] });
  process.exitCode = 1;
}
