import { CONTROL_KINDS, RUN_KINDS, SIGN_IN_KINDS } from './kinds-control.ts';
import { REGISTRY_KINDS, STORAGE_KINDS } from './kinds-data.ts';
import type { FaultKind } from './kind.ts';

/** Every kind of fault, by the group that is tried in one sandbox. */
export const FAULT_GROUPS: Readonly<Record<string, readonly FaultKind[]>> = {
  'sign-in': SIGN_IN_KINDS,
  control: CONTROL_KINDS,
  run: RUN_KINDS,
  registry: REGISTRY_KINDS,
  storage: STORAGE_KINDS,
};

/** All of them. */
export const FAULT_KINDS: readonly FaultKind[] = Object.values(FAULT_GROUPS).flat();
