import type { RoleAssignment } from '../description.ts';

/** What a token allows or a request needs: `repository:team/app:pull,push` or `registry:catalog:*`. */
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

/** Reads scopes; several may stand in one text, with blanks between (distribution's token specification). Others are left out. */
export function parseScopes(text: string): readonly Scope[] {
  return text.split(' ').flatMap((each) => {
    const [, type, name, actions] = /^([^:]+):(.+):([^:]*)$/.exec(each) ?? [];
    return type && name && actions ? [{ type, name, actions: actions.split(',') }] : [];
  });
}

/**
 * Actions on any repository by role (Microsoft Learn, "Azure Container Registry roles": AcrPull reads content and metadata, AcrPush writes
 * besides, AcrDelete only deletes). Other roles, the transfer contributor's too, give nothing on the data plane.
 */
const ACTIONS: Partial<Record<RoleAssignment['role'], readonly string[]>> = {
  AcrPull: ['pull', 'metadata_read'],
  AcrPush: ['pull', 'push', 'metadata_read', 'metadata_write'],
  AcrDelete: ['delete'],
};

/** All actions that the roles of a principal allow; empty: no access at all. */
export const allowedActions = (roles: readonly RoleAssignment[], objectId: string): ReadonlySet<string> =>
  new Set(roles.filter(({ principalId }) => principalId === objectId).flatMap(({ role }) => ACTIONS[role] ?? []));

/** What is granted of the scopes asked for: their common part with what is allowed. `*` on a repository asks for all there is. */
export function grant(asked: readonly Scope[], allowed: ReadonlySet<string>): readonly Scope[] {
  const actionsOf = ({ type, actions }: Scope): readonly string[] => {
    if (type !== 'repository') return allowed.has('metadata_read') ? actions : [];
    return actions.includes('*') ? [...allowed] : actions.filter((action) => allowed.has(action));
  };
  return asked.map((scope) => ({ ...scope, actions: actionsOf(scope) })).filter(({ actions }) => actions.length);
}

/** Whether what was granted covers all that is needed. */
export const covers = (granted: readonly Scope[], needed: Scope): boolean =>
  needed.actions.every((action) =>
    granted.some(({ type, name, actions }) => type === needed.type && name === needed.name && actions.includes(action)),
  );
