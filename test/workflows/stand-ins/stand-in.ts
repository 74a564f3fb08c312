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

/** What is played of an action. */
export interface StandIn {
  /** The inputs that it heeds, or may leave aside without harm; a step with any other is red, for it would not do what it says. */
  readonly inputs: readonly string[];
  /** Does the work and resolves to the outputs; the step is red when it throws. */
  readonly play: (step: StandInStep) => Promise<Outputs | undefined>;
}

/**
 * The value of an input that must be there.
 * @throws as @actions/core does
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
