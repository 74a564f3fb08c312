import type { CloudSettings, RoleAssignment } from '../description.ts';
import { reaching } from '../roles.ts';

/** The permissions of a token, or those that a request needs: `repository:team/app:pull,push` or `registry:catalog:*`. */
export interface Scope {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
}

/** A scope of one repository. */
export const repositoryScope = (name: string, ...actions: string[]): Scope => ({ type: 'repository', name, actions });

/** Listing the repositories (Azure/acr, docs/AAD-OAuth.md). */
export const CATALOG: Scope = { type: 'registry', name: 'catalog', actions: ['*'] };

/** The text form. */
export const formatScope = ({ type, name, actions }: Scope): string => `${type}:${name}:${actions.join(',')}`;

/** Parses scopes. One text can contain several, separated by blanks (distribution's token specification). Skips other scopes. */
export function parseScopes(text: string): readonly Scope[] {
  return text.split(' ').flatMap((each) => {
    const [, type, name, actions] = /^([^:]+):(.+):([^:]*)$/.exec(each) ?? [];
    return type && name && actions ? [{ type, name, actions: actions.split(',') }] : [];
  });
}

type Mode = CloudSettings['registry']['roleAssignmentMode'];

/** The permissions that a principal's roles grant. */
export interface Rights {
  /** Actions on any repository. */
  readonly actions: ReadonlySet<string>;
  /** Whether the repositories can be listed. */
  readonly catalog: boolean;
}

type RoleRights = Partial<
  Record<RoleAssignment['role'], { readonly actions: readonly string[]; readonly catalog: boolean }>
>;

const READ = ['pull', 'metadata_read'];
const WRITE = [...READ, 'push', 'metadata_write'];

/**
 * The permissions of a role, by the registry's mode (Microsoft Learn, "Azure Container Registry roles": AcrPull reads content
 * and metadata, AcrPush also writes, AcrDelete only deletes; "Azure attribute-based access control repository permissions": an
 * ABAC registry ignores these roles, and its repository roles don't list the catalog). Other roles grant nothing on the data
 * plane, the transfer contributor's included.
 * Assumed: the repository roles grant nothing on a registry of the legacy mode. Their conditions aren't implemented: a role
 * applies to all repositories.
 */
const RIGHTS: Readonly<Record<Mode, RoleRights>> = {
  LegacyRegistryPermissions: {
    AcrPull: { actions: READ, catalog: true },
    AcrPush: { actions: WRITE, catalog: true },
    AcrDelete: { actions: ['delete'], catalog: false },
  },
  AbacRepositoryPermissions: {
    'Container Registry Repository Reader': { actions: READ, catalog: false },
    'Container Registry Repository Writer': { actions: WRITE, catalog: false },
    'Container Registry Repository Contributor': { actions: [...WRITE, 'delete'], catalog: false },
    'Container Registry Repository Catalog Lister': { actions: [], catalog: true },
  },
};

/** All permissions of a principal's roles; null: no access. */
export function rightsOf(roles: readonly RoleAssignment[], objectId: string, mode: Mode): Rights | null {
  const held = reaching(roles, 'Microsoft.ContainerRegistry')
    .filter(({ principalId }) => principalId === objectId)
    .flatMap(({ role }) => RIGHTS[mode][role] ?? []);
  if (!held.length) return null;
  return {
    actions: new Set(held.flatMap(({ actions }) => actions)),
    catalog: held.some(({ catalog }) => catalog),
  };
}

/** The granted part of the requested scopes. `*` on a repository requests all permissions. */
export function grant(asked: readonly Scope[], rights: Rights | null): readonly Scope[] {
  if (!rights) return [];
  const actionsOf = ({ type, actions }: Scope): readonly string[] => {
    if (type !== 'repository') return rights.catalog ? actions : [];
    return actions.includes('*') ? [...rights.actions] : actions.filter((action) => rights.actions.has(action));
  };
  return asked.map((scope) => ({ ...scope, actions: actionsOf(scope) })).filter(({ actions }) => actions.length);
}

/** Whether the granted permissions cover the needed ones. */
export const covers = (granted: readonly Scope[], needed: Scope): boolean =>
  needed.actions.every((action) =>
    granted.some(({ type, name, actions }) => type === needed.type && name === needed.name && actions.includes(action)),
  );
