/** Log lines that repeat what was understood, by an allow-list. */
import type { EnsureRequest, ProvisioningRequest, RotateRequest } from '../../provisioning/index.ts';
import { formatBytes } from '../../transfer/model/bytes.ts';
import type {
  ExportPart,
  HandoffLocation,
  HandoffRequest,
  MovingRequest,
  SideRequest,
  TransferRequest,
} from '../../transfer/model/request.ts';
import { formatShard } from '../../transfer/model/shard.ts';
import { describeSelection } from '../../transfer/selection/index.ts';

/** A selection longer than this is not echoed whole. */
const MAX_ECHOED_LINES = 200;

const SIGN_IN: Readonly<Record<SideRequest['identity']['kind'], string>> = {
  oidc: 'OIDC',
  secret: 'client secret',
  'managed-identity': 'managed identity',
  ambient: 'what the job has',
};

/** How a side signs in, and where. */
const signInText = ({ cloud, identity, sas }: SideRequest): string =>
  `${cloud}, sign-in by ${SIGN_IN[identity.kind]}${sas === null ? '' : ', container by SAS'}`;

function planLines({ order, dryRun, maxBlobBytes }: ExportPart): readonly string[] {
  const limit = maxBlobBytes === null ? [] : [`max-blob-size: ${formatBytes(maxBlobBytes)}`];
  if (order.kind === 'given') {
    const { place, onDrift, shard } = order;
    const share = shard === null ? '' : `, shard ${formatShard(shard)}`;
    return [`plan: ${place}${share}, on-drift: ${onDrift}`, `dry-run: ${dryRun}`, ...limit];
  }
  const { incremental, includeReferrers } = order;
  const receipts =
    incremental.kind === 'receipt' ? `, receipts: ${incremental.places.join(', ') || 'all beside the blobs'}` : '';
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

/** What a doctor examines is shown as if it were carried out. */
const movingOf = (request: TransferRequest): MovingRequest => (request.mode === 'doctor' ? request.examined : request);

/** What was understood of the selection, for a group of its own; empty when there is none. */
export function selectionLines(asked: TransferRequest): readonly string[] {
  const request = movingOf(asked);
  if (!('order' in request) || request.order.kind !== 'make') return [];
  const lines = describeSelection(request.order.selection);
  const rest = lines.length - MAX_ECHOED_LINES;
  return rest > 0 ? [...lines.slice(0, MAX_ECHOED_LINES), `… and ${rest} more`] : lines;
}

/** What was understood of the inputs: an allow-list, so that no secret can slip in. */
export function requestLines(asked: TransferRequest): readonly string[] {
  const request = movingOf(asked);
  const given = 'order' in request && request.order.kind === 'given';
  const mode = asked.mode === 'doctor' ? `doctor, examines ${request.mode}` : request.mode;
  const lines = [`mode: ${mode}`, `transfer-name: ${given ? 'of the plan' : request.transferName}`];
  if ('exportPipeline' in request) lines.push(`export-pipeline: ${request.exportPipeline.resourceId}`);
  if ('importPipeline' in request) lines.push(`import-pipeline: ${request.importPipeline.resourceId}`);
  if ('source' in request) lines.push(`source: ${describeLocation(request.sourceContainer, request.source)}`);
  if ('target' in request) lines.push(`target: ${describeLocation(request.targetContainer, request.target)}`);
  if ('importBy' in request) lines.push(`import-by: ${request.importBy}, verify: ${request.verify}`);
  if ('intake' in request) {
    const { intake } = request;
    lines.push(intake.kind === 'manifest' ? `manifest: ${intake.place}` : `blobs: ${intake.names.join(', ')}`);
  }
  if (request.mode === 'export' && request.destination !== null) lines.push(`meant for: ${request.destination}`);
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

const makesSas = (request: ProvisioningRequest): request is EnsureRequest | RotateRequest =>
  request.state === 'rotate' || (request.state === 'present' && request.desired.access.kind === 'sas');

/** What was understood of the inputs: an allow-list, so that no secret can slip in. */
export function provisioningRequestLines(request: ProvisioningRequest): readonly string[] {
  const { state, pipeline, side, dryRun } = request;
  return [
    `state: ${state}${dryRun ? ', dry run' : ''}`,
    `pipeline: ${pipeline.resourceId}`,
    `cloud: ${signInText(side)}`,
    ...desiredPipelineLines(request),
    ...(makesSas(request) ? [`SAS: ${request.life.days} days by ${request.life.key}`] : []),
    ...(request.state === 'absent' ? [`delete-blobs: ${request.deleteBlobs}`] : []),
  ];
}
