import * as core from '@actions/core';
import type { SideRequest, TransferRequest } from '../transfer/request.ts';
import { formatReference } from '../transfer/reference.ts';
import { readWorkspaceFile } from './files.ts';
import { SECRET_INPUTS } from './input-reader.ts';
import type { InputSources } from './inputs.ts';

/** A selection longer than this is not echoed whole. */
const MOST_ECHOED_LINES = 50;

/** The inputs as the runner hands them over. */
export const runnerInputs: InputSources = {
  get: (input) => core.getInput(input),
  readFile: readWorkspaceFile,
  workflow: {
    repository: process.env['GITHUB_REPOSITORY'] ?? '',
    runId: process.env['GITHUB_RUN_ID'] ?? '',
  },
};

/** Values of inputs that must be masked before anything is printed. */
export const secretInputs = (): readonly string[] => SECRET_INPUTS.map((input) => core.getInput(input)).filter(Boolean);

const SIGN_IN: Readonly<Record<SideRequest['identity']['kind'], string>> = {
  oidc: 'OIDC',
  secret: 'client secret',
  'managed-identity': 'managed identity',
  ambient: 'what the job has',
};

const describeSide = ({ cloud, identity, sas }: SideRequest): string =>
  `${cloud}, sign-in by ${SIGN_IN[identity.kind]}${sas === null ? '' : ', container by SAS'}`;

/** What was understood of the inputs: an allow-list, so that no secret can slip in. */
export function requestLines(request: TransferRequest): readonly string[] {
  const lines = [`mode: ${request.mode}`, `transfer-name: ${request.transferName}`];
  if ('exportPipeline' in request) lines.push(`export-pipeline: ${request.exportPipeline.resourceId}`);
  if ('importPipeline' in request) lines.push(`import-pipeline: ${request.importPipeline.resourceId}`);
  if ('source' in request) lines.push(`source: ${describeSide(request.source)}`);
  if ('target' in request) lines.push(`target: ${describeSide(request.target)}`);
  if ('importBy' in request) lines.push(`import-by: ${request.importBy}, verify: ${request.verify}`);
  if ('intake' in request) {
    const { intake } = request;
    lines.push(intake.kind === 'manifest' ? `manifest: ${intake.place}` : `blobs: ${intake.names.join(', ')}`);
  }
  if ('selection' in request) {
    const { selection } = request;
    lines.push(`artifacts: ${selection.length}`);
    for (const { reference } of selection.slice(0, MOST_ECHOED_LINES)) lines.push(`  ${formatReference(reference)}`);
    if (selection.length > MOST_ECHOED_LINES) lines.push(`  … and ${selection.length - MOST_ECHOED_LINES} more`);
  }
  return lines;
}
