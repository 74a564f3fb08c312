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

/** Our actions: what each is called behind the name of the repository, `uses: owner/name[/folder]@ref`. */
export type OwnActions = Readonly<Record<'transfer' | 'setup', ActionDefinition>>;

/** Reads one of our own action.yml. */
export const actionDefinition = (folder = ''): ActionDefinition =>
  load(readFileSync(join(ROOT, folder, 'action.yml'), 'utf8')) as ActionDefinition;

/** Reads all of them. */
export const ownActions = (): OwnActions => ({ transfer: actionDefinition(), setup: actionDefinition('setup') });
