import { z } from 'zod';
import type { LockAttributes, LockOrder } from '../description.ts';
import { refuse } from './refusal.ts';

/** The locks of one repository, by tag or digest. */
export interface Locks {
  /** As ACR shows them (Microsoft REST reference, "changeableAttributes"). */
  readonly shown: (reference: string) => object;
  readonly set: (reference: string, attributes: LockAttributes) => void;
  /** Throws 405 if it can't be read. */
  readonly checkRead: (...references: readonly string[]) => void;
  /** Throws 405 if it can't be changed. */
  readonly checkWrite: (reference: string) => void;
  /** Throws 405 if it can't be deleted. */
  readonly checkDelete: (reference: string) => void;
}

const schema = z.strictObject({
  repository: z.string(),
  reference: z.string(),
  attributes: z.strictObject({
    deleteEnabled: z.boolean().optional(),
    writeEnabled: z.boolean().optional(),
    readEnabled: z.boolean().optional(),
    listEnabled: z.boolean().optional(),
    quarantineState: z.enum(['Passed', 'Quarantined']).optional(),
  }),
});

/** Parses a lock. Throws a ZodError. */
export const parseLock = (json: unknown): LockOrder => schema.parse(json) as LockOrder;

const UNLOCKED = { deleteEnabled: true, writeEnabled: true, readEnabled: true, listEnabled: true };

/** The refusal of a deletion (Azure/acr-cli#70). Assumed: reads and changes are refused in the same words. */
const locked = (): Error =>
  refuse(
    405,
    'REGISTRY_DISALLOWED_OPERATION',
    'The operation is disallowed on this registry, repository or image. View troubleshooting steps at https://aka.ms/acr/faq/#why-does-my-pull-or-push-request-fail-with-disallowed-operation',
    {},
  );

/** Starts without locks. */
export function createLocks(): Locks {
  const byReference = new Map<string, LockAttributes>();
  const of = (reference: string): LockAttributes => byReference.get(reference) ?? {};
  return {
    shown: (reference) => ({ ...UNLOCKED, ...of(reference) }),
    set: (reference, attributes) => {
      byReference.set(reference, { ...of(reference), ...attributes });
    },
    checkRead: (...references) => {
      const held = references.find(
        (reference) => of(reference).readEnabled === false || of(reference).quarantineState === 'Quarantined',
      );
      if (held !== undefined) throw locked();
    },
    checkWrite: (reference) => {
      if (of(reference).writeEnabled === false) throw locked();
    },
    // writeEnabled alone is enough (Azure/acr#561).
    checkDelete: (reference) => {
      const { writeEnabled, deleteEnabled } = of(reference);
      if (writeEnabled === false || deleteEnabled === false) throw locked();
    },
  };
}
