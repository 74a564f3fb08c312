/** The log of a setup: what was understood, what differs, what is done. */
import type { Change, SetupEvent } from '../transfer/setup/result.ts';
import type { PresentRequest, RotateRequest, SetupRequest } from '../transfer/setup/request.ts';
import { signInText } from './runner.ts';
import { formatCount, formatSeconds } from './format.ts';

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

function wishLines(request: SetupRequest): readonly string[] {
  if (request.state !== 'present') return [];
  const { containerUri, identity, access, options, sourceTrigger } = request.wish;
  return [
    `container: ${containerUri}`,
    `storage access: ${access.kind === 'identity' ? 'ManagedIdentity' : `SasToken, ${access.secretUri}`}`,
    `identity: ${identity.kind === 'system' ? 'system-assigned' : identity.resourceId}`,
    `options: ${options.join(', ') || 'none'}`,
    ...(sourceTrigger === null ? [] : [`source trigger: ${sourceTrigger}`]),
  ];
}

const makesSas = (request: SetupRequest): request is PresentRequest | RotateRequest =>
  request.state === 'rotate' || (request.state === 'present' && request.wish.access.kind === 'sas');

/** What was understood of the inputs: an allow-list, so that no secret can slip in. */
export function setupLines(request: SetupRequest): readonly string[] {
  const { state, pipeline, side, dryRun } = request;
  return [
    `state: ${state}${dryRun ? ', dry run' : ''}`,
    `pipeline: ${pipeline.resourceId}`,
    `cloud: ${signInText(side)}`,
    ...wishLines(request),
    ...(makesSas(request) ? [`SAS: ${request.life.days} days by ${request.life.key}`] : []),
    ...(request.state === 'absent' ? [`delete-blobs: ${request.deleteBlobs}`] : []),
  ];
}

/** The lines of an event. */
export function eventLines(event: SetupEvent): readonly string[] {
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
