/** When a SAS is renewed, and mode rotate. */
import { TransferError, transferError } from '../transfer/errors/index.ts';
import type { PipelineId } from '../transfer/model/pipeline-id.ts';
import type { SasFacts } from '../transfer/model/sas.ts';
import { sideOfPipeline } from '../transfer/model/side.ts';
import { readyPipeline } from '../transfer/pipelines/pipeline-run.ts';
import type { Observation } from '../transfer/ports/access-inspector.ts';
import type { Clock } from '../transfer/ports/clock.ts';
import { conclude, step, type Step } from './apply.ts';
import type { IssuedSas, ProvisioningClient, ProvisioningContext, SecretState } from './ports.ts';
import type { RotateRequest, SasLifetime } from './request.ts';
import type { ProvisioningResult } from './result.ts';
import { containerNeed } from './role-grants.ts';

/** A SAS that has less than this part of its life left is renewed: a job that runs nightly has several tries then. */
const LEFT = 1 / 3;

/** What a SAS is to give. */
export interface DesiredSas {
  /** Letters of `sp`. */
  readonly permissions: string;
  /** How long a new one lives, days. */
  readonly days: number;
  /** Lower-case resource ID of the pipeline. */
  readonly pipelineId: string;
}

const DAY = 24 * 60 * 60 * 1000;

const sorted = (letters: string): string => Array.from(letters).sort().join('');

/** One that setup has made gives exactly what is needed; one that somebody else has made may give more. */
function permissionFault({ permissions, byPolicy }: SasFacts, wish: DesiredSas, isOurs: boolean): string | null {
  if (byPolicy && permissions === '') return null;
  const missing = Array.from(wish.permissions).filter((letter) => !permissions.includes(letter));
  if (missing.length > 0) return `lacks ${missing.join('')}`;
  return isOurs && sorted(permissions) !== sorted(wish.permissions) ? `gives ${permissions}, more than needed` : null;
}

function lifeFault(
  startsAt: number | null,
  expiresAt: number | null,
  { days }: DesiredSas,
  now: number,
): string | null {
  // A stored access policy says when it ends, and is changed there.
  if (expiresAt === null) return null;
  if (expiresAt <= now) return `ended at ${new Date(expiresAt).toISOString()}`;
  const life = startsAt === null ? days * DAY : expiresAt - startsAt;
  if (expiresAt - now >= life * LEFT) return null;
  return `ends at ${new Date(expiresAt).toISOString()}, with less than a third of its life left`;
}

function foundFault(secret: Extract<SecretState, { kind: 'found' }>, wish: DesiredSas, now: number): string | null {
  const { sas } = secret;
  if (!secret.enabled) return 'is disabled';
  if (sas === null) return 'holds no SAS';
  if (sas.scope === 'blob' || sas.scope === 'account-without-objects') return 'is not for a container';
  const isOurs = secret.madeFor === wish.pipelineId;
  const ends = [secret.expiresAt, sas.expiresAt].filter((end) => end !== null);
  return (
    permissionFault(sas, wish, isOurs) ??
    (sas.allowsHttp ? 'allows plain HTTP' : null) ??
    lifeFault(sas.startsAt ?? secret.startsAt, ends.length === 0 ? null : Math.min(...ends), wish, now)
  );
}

/**
 * Why a new SAS is needed; null when it is not.
 * @param now milliseconds since the epoch
 */
export function renewalReason(secret: Observation<SecretState>, wish: DesiredSas, now: number): string | null {
  if (secret.kind === 'unseen') return null;
  return secret.value.kind === 'missing' ? 'there is none' : foundFault(secret.value, wish, now);
}

/** When the SAS in a secret ends, milliseconds since the epoch; null when that is not known. */
const sasEnd = (secret: Observation<SecretState>): number | null =>
  secret.kind === 'seen' && secret.value.kind === 'found'
    ? (secret.value.sas?.expiresAt ?? secret.value.expiresAt)
    : null;

/** The SAS that a pipeline is to have. */
export interface SasRequest {
  readonly pipeline: PipelineId;
  readonly containerUri: string;
  readonly secretUri: string;
  /** Letters of `sp`. */
  readonly permissions: string;
  readonly life: SasLifetime;
  /** Whether the SAS that is there is for another container, whatever it says. */
  readonly isElsewhere: boolean;
}

/** What is to be done for the SAS of a pipeline. */
export interface SasPlan {
  readonly steps: readonly Step[];
  /** When the SAS that the pipeline has in the end ends, milliseconds since the epoch; null when that is not known. */
  readonly endsAt: () => number | null;
}

/** A role that was just given may take its time, and a SAS by user delegation gives what its signer may. */
const TRIES = 10;
const BETWEEN_SECONDS = 15;

async function tested(
  estate: ProvisioningClient,
  order: SasRequest,
  clock: Clock,
  signal: AbortSignal,
): Promise<IssuedSas> {
  for (let count = 1; ; count += 1) {
    const made = await estate.makeSas(order.containerUri, order.permissions, order.life);
    try {
      await estate.trySas(order.containerUri, made);
      return made;
    } catch (error) {
      if (count >= TRIES || !(error instanceof TransferError) || error.temporary === null) throw error;
    }
    await clock.sleep(BETWEEN_SECONDS, signal);
  }
}

function reasonFor(order: SasRequest, secret: Observation<SecretState>, now: number): string | null {
  const wish = {
    permissions: order.permissions,
    days: order.life.days,
    pipelineId: order.pipeline.resourceId.toLowerCase(),
  };
  return renewalReason(secret, wish, now) ?? (order.isElsewhere ? 'is for another container' : null);
}

/**
 * Plans the SAS of a pipeline.
 * @throws ACRT3048 when the secret may not be looked at: nobody could say whether it will do
 */
export async function planSas(
  estate: ProvisioningClient,
  order: SasRequest,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<SasPlan> {
  const { secretUri, permissions, life } = order;
  const secret = await estate.secret(secretUri);
  if (secret.kind === 'unseen')
    throw transferError('ACRT3048', { secret: secretUri, reason: `it cannot be read: ${secret.why}` });
  const reason = reasonFor(order, secret, clock.now());
  let endsAt = sasEnd(secret);
  if (reason === null) return { steps: [], endsAt: () => endsAt };
  const from = secret.value.kind === 'missing' ? null : `it ${reason}`;
  const to = `a SAS with ${permissions} for ${life.days} days`;
  const renewal = step({ subject: 'sas', what: secretUri, from, to }, async () => {
    const made = await tested(estate, order, clock, signal);
    await estate.storeSas(secretUri, made);
    endsAt = made.expiresAt;
  });
  return { steps: [renewal], endsAt: () => endsAt };
}

/**
 * Renews the SAS of a pipeline when it has to be, and does nothing otherwise.
 * @throws ACRT3001, ACRT3003, ACRT3048, ACRT3049 before anything is changed; every other failure is in the result
 */
export async function rotate(request: RotateRequest, world: ProvisioningContext): Promise<ProvisioningResult> {
  const { pipeline, life } = request;
  const state = readyPipeline(sideOfPipeline(pipeline), pipeline, await world.estate.pipeline());
  if (state.access.kind === 'identity') throw transferError('ACRT3049', { pipeline: pipeline.name });
  const { permissions } = containerNeed(pipeline.kind, state.options);
  const containerUri = state.containerUri.replace(/\/+$/, '');
  const order = { pipeline, containerUri, secretUri: state.access.secretUri, permissions, life, isElsewhere: false };
  const sas = await planSas(world.estate, order, world);
  return conclude(request, world, sas.steps, {
    facts: () => ({ principalId: state.principalId, sasExpiresAt: sas.endsAt() }),
    // What is stored has been tried already, and whether the pipeline may read the secret has not changed.
    proof: () => Promise.resolve([]),
  });
}
