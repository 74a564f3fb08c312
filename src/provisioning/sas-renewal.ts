/** Renewal of SAS, and mode rotate. */
import { transferError } from '../transfer/errors/index.ts';
import type { PipelineId } from '../transfer/model/pipeline-id.ts';
import type { SasFacts } from '../transfer/model/sas.ts';
import { sideOfPipeline } from '../transfer/model/side.ts';
import { readyPipeline } from '../transfer/pipelines/pipeline-run.ts';
import type { Observation } from '../transfer/ports/access-inspector.ts';
import type { Clock } from '../transfer/ports/clock.ts';
import { retry, temporaryOf } from '../transfer/resilience/retry.ts';
import { conclude, step, type Step } from './apply.ts';
import type { IssuedSas, ProvisioningClient, ProvisioningContext, SecretState } from './ports.ts';
import type { RotateRequest, SasLifetime } from './request.ts';
import type { ProvisioningResult } from './result.ts';
import { containerNeed } from './role-grants.ts';

/** A SAS is renewed when less than this part of its lifetime is left. A daily job then has several attempts. */
const RENEWAL_THRESHOLD = 1 / 3;

/** Requirements of a SAS. */
interface DesiredSas {
  /** Letters of `sp`. */
  readonly permissions: string;
  /** Lifetime of a new SAS, days. */
  readonly days: number;
  /** Lower-case resource ID of the pipeline. */
  readonly pipelineId: string;
}

const DAY = 24 * 60 * 60 * 1000;

const sorted = (letters: string): string => Array.from(letters).sort().join('');

/** A SAS of setup must have exactly the needed permissions. Another SAS can have more. */
function permissionFault({ permissions, byPolicy }: SasFacts, desired: DesiredSas, isOurs: boolean): string | null {
  if (byPolicy && permissions === '') return null;
  const missing = Array.from(desired.permissions).filter((letter) => !permissions.includes(letter));
  if (missing.length > 0) return `lacks ${missing.join('')}`;
  return isOurs && sorted(permissions) !== sorted(desired.permissions) ? `has ${permissions}, more than needed` : null;
}

function lifeFault(
  startsAt: number | null,
  expiresAt: number | null,
  { days }: DesiredSas,
  now: number,
): string | null {
  // A stored access policy defines the expiry, and is renewed separately.
  if (expiresAt === null) return null;
  if (expiresAt <= now) return `expired at ${new Date(expiresAt).toISOString()}`;
  const life = startsAt === null ? days * DAY : expiresAt - startsAt;
  if (expiresAt - now >= life * RENEWAL_THRESHOLD) return null;
  return `expires at ${new Date(expiresAt).toISOString()}, with less than a third of its lifetime left`;
}

function foundFault(secret: Extract<SecretState, { kind: 'found' }>, desired: DesiredSas, now: number): string | null {
  const { sas } = secret;
  if (!secret.enabled) return 'is disabled';
  if (sas === null) return 'holds no SAS';
  if (sas.scope === 'blob' || sas.scope === 'account-without-objects') return 'is not for a container';
  const isOurs = secret.createdFor === desired.pipelineId;
  const ends = [secret.expiresAt, sas.expiresAt].filter((end) => end !== null);
  return (
    permissionFault(sas, desired, isOurs) ??
    (sas.allowsHttp ? 'allows plain HTTP' : null) ??
    lifeFault(sas.startsAt ?? secret.startsAt, ends.length === 0 ? null : Math.min(...ends), desired, now)
  );
}

/**
 * The reason why a new SAS is needed; null if it is not.
 * @param now milliseconds since the epoch
 */
export function renewalReason(secret: Observation<SecretState>, desired: DesiredSas, now: number): string | null {
  if (!secret.ok) return null;
  return secret.value.kind === 'missing' ? 'there is none' : foundFault(secret.value, desired, now);
}

/** Expiry of the SAS in a secret, milliseconds since the epoch; null if it is unknown. */
const sasEnd = (secret: Observation<SecretState>): number | null =>
  secret.ok && secret.value.kind === 'found' ? (secret.value.sas?.expiresAt ?? secret.value.expiresAt) : null;

/** The SAS that a pipeline needs. */
interface SasRequest {
  readonly pipeline: PipelineId;
  readonly containerUri: string;
  readonly secretUri: string;
  /** Letters of `sp`. */
  readonly permissions: string;
  readonly life: SasLifetime;
  /** Whether the existing SAS is for another container. */
  readonly isElsewhere: boolean;
}

/** The steps that renew the SAS of a pipeline. */
export interface SasPlan {
  readonly steps: readonly Step[];
  /** Expiry of the SAS after the steps, milliseconds since the epoch; null if it is unknown. */
  readonly endsAt: () => number | null;
}

/** A user delegation SAS has the permissions of its signer. New role assignments take some minutes. */
const MAX_ATTEMPTS = 10;
const RETRY_SECONDS = 15;

async function issueSas(
  client: ProvisioningClient,
  order: SasRequest,
  clock: Clock,
  signal: AbortSignal,
): Promise<IssuedSas> {
  const attempt = async (): Promise<IssuedSas> => {
    const sas = await client.createSas(order.containerUri, order.permissions, order.life);
    await client.testSas(order.containerUri, sas);
    return sas;
  };
  return retry(attempt, {
    clock,
    signal,
    delaySeconds: (outcome, attempts) =>
      temporaryOf(outcome) === null || attempts >= MAX_ATTEMPTS ? null : RETRY_SECONDS,
  });
}

function reasonFor(order: SasRequest, secret: Observation<SecretState>, now: number): string | null {
  const desired = {
    permissions: order.permissions,
    days: order.life.days,
    pipelineId: order.pipeline.resourceId.toLowerCase(),
  };
  return renewalReason(secret, desired, now) ?? (order.isElsewhere ? 'is for another container' : null);
}

/**
 * Plans the SAS of a pipeline.
 * @throws ACRT3048 if the secret can't be read, because it is unknown whether a renewal is needed
 */
export async function planSas(
  client: ProvisioningClient,
  order: SasRequest,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<SasPlan> {
  const { secretUri, permissions, life } = order;
  const secret = await client.secret(secretUri);
  if (!secret.ok)
    throw transferError('ACRT3048', { secret: secretUri, reason: `it cannot be read: ${secret.problem}` });
  const reason = reasonFor(order, secret, clock.now());
  let endsAt = sasEnd(secret);
  if (reason === null) return { steps: [], endsAt: () => endsAt };
  const from = secret.value.kind === 'missing' ? null : `it ${reason}`;
  const to = `a SAS with ${permissions} for ${life.days} days`;
  const renewal = step({ subject: 'sas', what: secretUri, from, to }, async () => {
    const issued = await issueSas(client, order, clock, signal);
    await client.storeSas(secretUri, issued);
    endsAt = issued.expiresAt;
  });
  return { steps: [renewal], endsAt: () => endsAt };
}

/**
 * Renews the SAS of a pipeline if it is needed.
 * @throws ACRT3001, ACRT3003, ACRT3048, ACRT3049 before any change; every other error is in the result
 */
export async function rotate(request: RotateRequest, context: ProvisioningContext): Promise<ProvisioningResult> {
  const { pipeline, life } = request;
  const state = readyPipeline(sideOfPipeline(pipeline), pipeline, await context.client.pipeline());
  if (state.access.kind === 'identity') throw transferError('ACRT3049', { pipeline: pipeline.name });
  const { permissions } = containerNeed(pipeline.kind, state.options);
  const containerUri = state.containerUri.replace(/\/+$/, '');
  const order = { pipeline, containerUri, secretUri: state.access.secretUri, permissions, life, isElsewhere: false };
  const sas = await planSas(context.client, order, context);
  return conclude(request, context, sas.steps, {
    facts: () => ({ principalId: state.principalId, sasExpiresAt: sas.endsAt() }),
    // The SAS was tested before it was stored, and the pipeline's access to the secret has not changed.
    verify: () => Promise.resolve([]),
  });
}
