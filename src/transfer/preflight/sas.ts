/** What is wrong with a SAS, for what it is to do. */
import { transferError, type TransferError } from '../errors/index.ts';
import type { SasFacts } from '../model/sas.ts';
import type { Side } from '../model/side.ts';

/** What each letter of `sp` allows (Microsoft: "Create a service SAS", permissions for a container). */
const PERMISSIONS = { r: 'read', w: 'write', l: 'list', a: 'add', d: 'delete' } as const;

/** A letter of `sp`. */
export type SasPermission = keyof typeof PERMISSIONS;

const DAY = 24 * 60 * 60 * 1000;

/** Within so many days of its end a SAS or a secret is worth a warning. */
export const SOON_DAYS = 7;

/** Clocks of two services may differ by this much (Microsoft: "Best practices when using SAS"). */
const SKEW = 15 * 60 * 1000;

const isoDay = (time: number): string => new Date(time).toISOString();

function missingPermissions({ permissions, byPolicy }: SasFacts, needed: readonly SasPermission[]): readonly string[] {
  // A stored access policy may give what the SAS itself does not name.
  if (byPolicy && permissions === '') return [];
  const missing = needed.filter((letter) => !permissions.includes(letter));
  if (missing.length === 0) return [];
  return [`it does not let anybody ${missing.map((letter) => `${PERMISSIONS[letter]} (${letter})`).join(', ')}`];
}

function scopeFaults({ scope }: SasFacts): readonly string[] {
  switch (scope) {
    case 'container':
    case 'unknown':
      return [];
    case 'blob':
      return ['it is for a single blob (sr=b), not for the container (sr=c)'];
    case 'account-without-objects':
      return ['it is an account SAS that does not cover blobs, containers and objects (ss=b, srt=co)'];
  }
}

/**
 * Everything that keeps a SAS from doing what it is needed for, in words without its values.
 * @param now milliseconds since the epoch
 */
export function sasFaults(sas: SasFacts, needed: readonly SasPermission[], now: number): readonly string[] {
  const { startsAt, expiresAt } = sas;
  return [
    ...(expiresAt !== null && expiresAt <= now ? [`it ended at ${isoDay(expiresAt)} (se)`] : []),
    ...(startsAt !== null && startsAt > now + SKEW ? [`it holds only from ${isoDay(startsAt)} on (st)`] : []),
    ...scopeFaults(sas),
    ...missingPermissions(sas, needed),
  ];
}

/** When something ends that ends soon; null when it lasts, has ended, or does not say. */
export const endsSoon = (expiresAt: number | null, now: number): string | null =>
  expiresAt !== null && expiresAt > now && expiresAt - now < SOON_DAYS * DAY ? isoDay(expiresAt) : null;

/** ACRT3035 for a SAS that may be sent in the clear, with the command for one that may what it may. */
export function httpWarning(side: Side, what: string, { allowsHttp, permissions }: SasFacts): readonly TransferError[] {
  if (!allowsHttp) return [];
  // The letters end up in a command that people run.
  const letters = permissions.replace(/[^a-z]/g, '') || 'rl';
  return [transferError('ACRT3035', { side, what, permissions: letters })];
}
