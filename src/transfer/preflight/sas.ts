/** Checks the properties of a SAS. */
import { transferError, type TransferError } from '../errors/index.ts';
import type { SasFacts } from '../model/sas.ts';
import type { Side } from '../model/side.ts';

/** The permission of each letter of `sp` (Microsoft: "Create a service SAS", permissions for a container). */
const PERMISSIONS = { r: 'read', w: 'write', l: 'list', a: 'add', d: 'delete' } as const;

/** A letter of `sp`. */
export type SasPermission = keyof typeof PERMISSIONS;

const DAY = 24 * 60 * 60 * 1000;

/** A SAS or secret that expires within this many days causes a warning. */
const EXPIRY_WARNING_DAYS = 7;

/** The clocks of two services can differ by this much (Microsoft: "Best practices when using SAS"). */
const MAX_CLOCK_SKEW = 15 * 60 * 1000;

const isoTime = (time: number): string => new Date(time).toISOString();

function missingPermissions({ permissions, byPolicy }: SasFacts, needed: readonly SasPermission[]): readonly string[] {
  // A stored access policy can grant permissions that the SAS itself doesn't have.
  if (byPolicy && permissions === '') return [];
  const missing = needed.filter((letter) => !permissions.includes(letter));
  if (missing.length === 0) return [];
  return [`missing permissions: ${missing.map((letter) => `${PERMISSIONS[letter]} (${letter})`).join(', ')}`];
}

function scopeProblems({ scope }: SasFacts): readonly string[] {
  switch (scope) {
    case 'container':
    case 'unknown':
      return [];
    case 'blob':
      return ['it is for a single blob (sr=b), not for the container (sr=c)'];
    case 'account-without-objects':
      return ['it is an account SAS that does not cover blobs, containers, and objects (ss=b, srt=co)'];
  }
}

/**
 * Finds all problems of a SAS. The texts don't contain the SAS.
 * @param now milliseconds since the epoch
 */
export function sasProblems(sas: SasFacts, needed: readonly SasPermission[], now: number): readonly string[] {
  const { startsAt, expiresAt } = sas;
  return [
    ...(expiresAt !== null && expiresAt <= now ? [`it expired at ${isoTime(expiresAt)} (se)`] : []),
    ...(startsAt !== null && startsAt > now + MAX_CLOCK_SKEW
      ? [`it is not valid before ${isoTime(startsAt)} (st)`]
      : []),
    ...scopeProblems(sas),
    ...missingPermissions(sas, needed),
  ];
}

/** The expiry time, ISO 8601, if it is soon; null if it is later, has passed, or is unknown. */
export const expiresSoon = (expiresAt: number | null, now: number): string | null =>
  expiresAt !== null && expiresAt > now && expiresAt - now < EXPIRY_WARNING_DAYS * DAY ? isoTime(expiresAt) : null;

/** ACRT3035 for a SAS that allows HTTP. Its remedy creates a SAS with the same permissions. */
export function httpWarning(side: Side, what: string, { allowsHttp, permissions }: SasFacts): readonly TransferError[] {
  if (!allowsHttp) return [];
  // The letters become part of a command that users run.
  const letters = permissions.replace(/[^a-z]/g, '') || 'rl';
  return [transferError('ACRT3035', { side, what, permissions: letters })];
}
