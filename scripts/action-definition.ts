import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';

/** The folder that everything in the repository is named from. */
export const ROOT = join(import.meta.dirname, '..');

/** One input, as action.yml describes it. */
export interface ActionInput {
  readonly description: string;
  readonly required?: boolean;
  readonly default?: string;
}

/** The parts of action.yml that documentation and linter speak of. */
export interface ActionDefinition {
  readonly name: string;
  readonly description: string;
  readonly inputs: Readonly<Record<string, ActionInput>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
}

/** Reads our own action.yml. */
export const actionDefinition = (): ActionDefinition =>
  load(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as ActionDefinition;
