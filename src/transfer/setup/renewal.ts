/** When the SAS of a pipeline is made anew. */
import type { Look } from '../inspection.ts';
import type { SasFacts } from '../sas.ts';
import type { SecretState } from './estate.ts';

/** A SAS that has less than this part of its life left is renewed: a job that runs nightly has several tries then. */
const LEFT = 1 / 3;

/** What a SAS is to give. */
export interface SasWish {
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
function permissionFault({ permissions, byPolicy }: SasFacts, wish: SasWish, isOurs: boolean): string | null {
  if (byPolicy && permissions === '') return null;
  const missing = Array.from(wish.permissions).filter((letter) => !permissions.includes(letter));
  if (missing.length > 0) return `lacks ${missing.join('')}`;
  return isOurs && sorted(permissions) !== sorted(wish.permissions) ? `gives ${permissions}, more than needed` : null;
}

function lifeFault(startsAt: number | null, expiresAt: number | null, { days }: SasWish, now: number): string | null {
  // A stored access policy says when it ends, and is changed there.
  if (expiresAt === null) return null;
  if (expiresAt <= now) return `ended at ${new Date(expiresAt).toISOString()}`;
  const life = startsAt === null ? days * DAY : expiresAt - startsAt;
  if (expiresAt - now >= life * LEFT) return null;
  return `ends at ${new Date(expiresAt).toISOString()}, with less than a third of its life left`;
}

function foundFault(secret: Extract<SecretState, { kind: 'found' }>, wish: SasWish, now: number): string | null {
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
export function renewalReason(secret: Look<SecretState>, wish: SasWish, now: number): string | null {
  if (secret.kind === 'unseen') return null;
  return secret.value.kind === 'missing' ? 'there is none' : foundFault(secret.value, wish, now);
}

/** When the SAS in a secret ends, milliseconds since the epoch; null when that is not known. */
export const sasEnd = (secret: Look<SecretState>): number | null =>
  secret.kind === 'seen' && secret.value.kind === 'found'
    ? (secret.value.sas?.expiresAt ?? secret.value.expiresAt)
    : null;
