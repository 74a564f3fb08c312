/** Log lines that echo the parsed inputs. Only an allow-list of inputs is echoed, so no secret can appear. */
import type { EnsureRequest, ProvisioningRequest, RotateRequest } from '../../provisioning/index.ts';
import { formatBytes } from '../../transfer/model/bytes.ts';
import type {
  ExportPart,
  HandedOverSource,
  HandoffLocation,
  HandoffRequest,
  MovingRequest,
  SideRequest,
  TransferRequest,
} from '../../transfer/model/request.ts';
import { formatShard } from '../../transfer/model/shard.ts';
import { describeSelection } from '../../transfer/selection/index.ts';

/** Longer selections are truncated. */
const MAX_ECHOED_LINES = 200;

const SIGN_IN: Readonly<Record<SideRequest['identity']['kind'], string>> = {
  oidc: 'OIDC',
  secret: 'client secret',
  'managed-identity': 'managed identity',
  ambient: 'ambient credentials of the job',
};

/** The cloud of a side, and how it signs in. */
const signInText = ({ cloud, identity, sas }: SideRequest): string =>
  `${cloud}, sign-in by ${SIGN_IN[identity.kind]}${sas === null ? '' : ', container by SAS'}`;

function planLines({ order, dryRun, maxBlobBytes }: ExportPart): readonly string[] {
  const limit = maxBlobBytes === null ? [] : [`max-blob-size: ${formatBytes(maxBlobBytes)}`];
  if (order.kind === 'approved') {
    const { place, onDrift, shard } = order;
    const part = shard === null ? '' : `, shard ${formatShard(shard)}`;
    return [`plan: ${place}${part}, on-drift: ${onDrift}`, `dry-run: ${dryRun}`, ...limit];
  }
  const { incremental, includeReferrers } = order;
  const receipts =
    incremental.kind === 'receipt'
      ? `, receipts: ${incremental.places.join(', ') || 'all in the source container'}`
      : '';
  return [
    `incremental: ${incremental.kind}${receipts}, include-referrers: ${includeReferrers}, dry-run: ${dryRun}`,
    ...limit,
  ];
}

const describeLocation = (place: HandoffLocation, side: SideRequest): string =>
  place.kind === 'directory' ? `directory ${place.path}` : signInText(side);

function handoffLines({ handoff }: Pick<HandoffRequest, 'handoff'>): readonly string[] {
  const { method, overwrite, tier, bandwidth } = handoff;
  const limits = [
    ...(bandwidth === null ? [] : [`max-bandwidth: ${formatBytes(bandwidth)}/s`]),
    ...(tier === null ? [] : [`access-tier: ${tier}`]),
  ];
  return [[`handoff-method: ${method}, overwrite: ${overwrite}`, ...limits].join(', ')];
}

const intakeLines = (intake: HandedOverSource): readonly string[] =>
  intake.kind === 'manifest'
    ? [`manifest: ${intake.place}, allowed-sources: ${intake.allowedSources.join(', ') || 'any'}`]
    : [`blobs: ${intake.names.join(', ')}`];

/** The transfer request that a doctor request checks; any other request unchanged. */
const transferOf = (request: TransferRequest): MovingRequest =>
  request.mode === 'doctor' ? request.examined : request;

/** The parsed selection; empty if there is none. */
export function selectionLines(given: TransferRequest): readonly string[] {
  const request = transferOf(given);
  if (!('order' in request) || request.order.kind !== 'new') return [];
  const lines = describeSelection(request.order.selection);
  const rest = lines.length - MAX_ECHOED_LINES;
  return rest > 0 ? [...lines.slice(0, MAX_ECHOED_LINES), `… and ${rest} more`] : lines;
}

/** The parsed inputs of a transfer. */
export function requestLines(given: TransferRequest): readonly string[] {
  const request = transferOf(given);
  const hasPlan = 'order' in request && request.order.kind === 'approved';
  const mode = given.mode === 'doctor' ? `doctor, checks ${request.mode}` : request.mode;
  const lines = [`mode: ${mode}`, `transfer-name: ${hasPlan ? 'from the plan' : request.transferName}`];
  if ('exportPipeline' in request) lines.push(`export-pipeline: ${request.exportPipeline.resourceId}`);
  if ('importPipeline' in request) lines.push(`import-pipeline: ${request.importPipeline.resourceId}`);
  if ('source' in request) lines.push(`source: ${describeLocation(request.sourceContainer, request.source)}`);
  if ('target' in request) lines.push(`target: ${describeLocation(request.targetContainer, request.target)}`);
  if ('importBy' in request) lines.push(`import-by: ${request.importBy}, verify: ${request.verify}`);
  if ('intake' in request) lines.push(...intakeLines(request.intake));
  if (request.mode === 'export' && request.destination !== null) lines.push(`target registry: ${request.destination}`);
  if ('handoff' in request) lines.push(...handoffLines(request));
  if ('order' in request) lines.push(...planLines(request));
  return lines;
}

function desiredPipelineLines(request: ProvisioningRequest): readonly string[] {
  if (request.state !== 'present') return [];
  const { containerUri, identity, access, options, sourceTrigger } = request.desired;
  return [
    `container: ${containerUri}`,
    `storage access: ${access.kind === 'identity' ? 'ManagedIdentity' : `SasToken, ${access.secretUri}`}`,
    `identity: ${identity.kind === 'system' ? 'system-assigned' : identity.resourceId}`,
    `options: ${options.join(', ') || 'none'}`,
    ...(sourceTrigger === null ? [] : [`source trigger: ${sourceTrigger}`]),
  ];
}

const issuesSas = (request: ProvisioningRequest): request is EnsureRequest | RotateRequest =>
  request.state === 'rotate' || (request.state === 'present' && request.desired.access.kind === 'sas');

/** The parsed inputs of the setup action. */
export function provisioningRequestLines(request: ProvisioningRequest): readonly string[] {
  const { state, pipeline, side, dryRun } = request;
  return [
    `state: ${state}${dryRun ? ', dry run' : ''}`,
    `pipeline: ${pipeline.resourceId}`,
    `cloud: ${signInText(side)}`,
    ...desiredPipelineLines(request),
    ...(issuesSas(request) ? [`SAS: ${request.life.days} days, signed with ${request.life.key}`] : []),
    ...(request.state === 'absent' ? [`delete-blobs: ${request.deleteBlobs}`] : []),
  ];
}
