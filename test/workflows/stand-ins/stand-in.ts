import type { Machine } from '../machine.ts';
import type { Permissions } from '../permissions.ts';
import type { Outputs } from '../result.ts';
import type { Run } from '../run.ts';

/** A step that uses an emulated action. */
export interface StandInStep {
  readonly inputs: Readonly<Record<string, string>>;
  readonly run: Run;
  readonly machine: Machine;
  readonly permissions: Permissions;
  readonly env: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}

/** The emulation of an action. */
export interface StandIn {
  /** The inputs that it reads, or can ignore. A step with any other input fails. */
  readonly inputs: readonly string[];
  /** Does the work, and resolves to the outputs. The step fails if it throws. */
  readonly play: (step: StandInStep) => Promise<Outputs | undefined>;
}

/**
 * The value of a required input.
 * @throws the error of @actions/core
 */
export function required({ inputs }: StandInStep, name: string): string {
  const value = inputs[name] ?? '';
  if (value === '') throw new Error(`Input required and not supplied: ${name}`);
  return value;
}

/** Lines of an input, without the empty ones. */
export const linesOf = (text = ''): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
