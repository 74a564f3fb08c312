import type { Principal } from '../contracts.ts';

/** The creator and the last editor of a resource, in the recorded order. */
export interface SystemData {
  readonly createdBy: string;
  readonly createdByType: string;
  readonly createdAt: string;
  readonly lastModifiedBy: string;
  readonly lastModifiedByType: string;
  readonly lastModifiedAt: string;
}

/** A time as .NET formats it: seven digits and an offset (recorded: `2026-01-20T15:50:45.8114356+00:00`). */
export const timestamp = (moment = new Date()): string => moment.toISOString().replace('Z', '0000+00:00');

/**
 * @param caller the current writer
 * @param before the earlier data of the resource, if it is changed
 */
export function systemData(caller: Principal, before?: SystemData): SystemData {
  const now = timestamp();
  const by = caller.clientId;
  const type = 'Application';
  const made = before ?? { createdBy: by, createdByType: type, createdAt: now };
  return {
    createdBy: made.createdBy,
    createdByType: made.createdByType,
    createdAt: made.createdAt,
    lastModifiedBy: by,
    lastModifiedByType: type,
    lastModifiedAt: now,
  };
}
