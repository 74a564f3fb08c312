/** A SAS that is made, tried and stored. */
import type { PipelineId } from '../pipeline-id.ts';
import { failure, Failure } from '../failure.ts';
import type { Look } from '../inspection.ts';
import type { Clock } from '../services.ts';
import type { Estate, MadeSas, SecretState } from './estate.ts';
import { renewalReason, sasEnd } from './renewal.ts';
import type { SasLife } from './request.ts';
import { step, type Step } from './steps.ts';

/** The SAS that a pipeline is to have. */
export interface SasOrder {
  readonly pipeline: PipelineId;
  readonly containerUri: string;
  readonly secretUri: string;
  /** Letters of `sp`. */
  readonly permissions: string;
  readonly life: SasLife;
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

async function tried(estate: Estate, order: SasOrder, clock: Clock, signal: AbortSignal): Promise<MadeSas> {
  for (let count = 1; ; count += 1) {
    const made = await estate.makeSas(order.containerUri, order.permissions, order.life);
    try {
      await estate.trySas(order.containerUri, made);
      return made;
    } catch (error) {
      if (count >= TRIES || !(error instanceof Failure) || error.temporary === null) throw error;
    }
    await clock.sleep(BETWEEN_SECONDS, signal);
  }
}

function reasonFor(order: SasOrder, secret: Look<SecretState>, now: number): string | null {
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
  estate: Estate,
  order: SasOrder,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<SasPlan> {
  const { secretUri, permissions, life } = order;
  const secret = await estate.secret(secretUri);
  if (secret.kind === 'unseen')
    throw failure('ACRT3048', { secret: secretUri, reason: `it cannot be read: ${secret.why}` });
  const reason = reasonFor(order, secret, clock.now());
  let endsAt = sasEnd(secret);
  if (reason === null) return { steps: [], endsAt: () => endsAt };
  const from = secret.value.kind === 'missing' ? null : `it ${reason}`;
  const to = `a SAS with ${permissions} for ${life.days} days`;
  const renewal = step({ subject: 'sas', what: secretUri, from, to }, async () => {
    const made = await tried(estate, order, clock, signal);
    await estate.storeSas(secretUri, made);
    endsAt = made.expiresAt;
  });
  return { steps: [renewal], endsAt: () => endsAt };
}
