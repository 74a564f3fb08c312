import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';

/** The root of the repository. */
export const ROOT = join(import.meta.dirname, '..');

/** One input of action.yml. */
export interface ActionInput {
  readonly description: string;
  readonly required?: boolean;
  readonly default?: string;
}

/** The parts of action.yml that documentation and linter read. */
export interface ActionDefinition {
  readonly name: string;
  readonly description: string;
  readonly inputs: Readonly<Record<string, ActionInput>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
}

/** The actions of this repository, by the path in `uses: owner/name[/path]@ref`. */
export type OwnActions = Readonly<Record<'transfer' | 'setup', ActionDefinition>>;

/** Reads the action.yml of one action. */
export const actionDefinition = (folder = ''): ActionDefinition =>
  load(readFileSync(join(ROOT, folder, 'action.yml'), 'utf8')) as ActionDefinition;

/** Reads all of them. */
export const ownActions = (): OwnActions => ({ transfer: actionDefinition(), setup: actionDefinition('setup') });
