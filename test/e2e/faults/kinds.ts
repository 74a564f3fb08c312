import { CONTROL_KINDS, RUN_KINDS, SIGN_IN_KINDS } from './kinds-control.ts';
import { REGISTRY_KINDS, STORAGE_KINDS } from './kinds-data.ts';
import { onePerRule } from '../../tier.ts';
import type { FaultKind } from './kind.ts';

/**
 * All kinds of faults, by the group that runs in one sandbox. Each group has a recovery of its own, so no choice leaves it
 * empty.
 */
const FAULT_GROUPS = {
  control: [...SIGN_IN_KINDS, ...CONTROL_KINDS],
  run: RUN_KINDS,
  registry: REGISTRY_KINDS,
  storage: STORAGE_KINDS,
} as const;

/** A group of kinds. */
export type FaultGroup = keyof typeof FAULT_GROUPS;

/** All kinds. */
export const FAULT_KINDS: readonly FaultKind[] = Object.values(FAULT_GROUPS).flat();

const tried = new Set(onePerRule(FAULT_KINDS, ({ recovery, outcome }) => `${recovery}, ${outcome}`));

/** The kinds of a group that this run tries: one for each recovery over all groups, or all of them. */
export const kindsToTry = (group: FaultGroup): readonly FaultKind[] =>
  FAULT_GROUPS[group].filter((kind) => tried.has(kind));
