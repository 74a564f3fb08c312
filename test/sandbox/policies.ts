/** Access policies of a vault: the permissions of each principal on its secrets. */

/** One policy. */
export interface AccessPolicy {
  /** Object id. */
  readonly objectId: string;
  /** `get`, `set`, `list` …, lower case. */
  readonly secrets: readonly string[];
  /** Time from which it applies, milliseconds since the epoch. Absent: always. */
  readonly since?: number;
}

/** The policies of one vault. */
export interface PolicyList {
  readonly all: () => readonly AccessPolicy[];
  /** Adds permissions of a principal. */
  readonly add: (policy: AccessPolicy) => void;
  /** Removes permissions. A principal without permissions has no policy. */
  readonly remove: (objectId: string, secrets: readonly string[]) => void;
  readonly replace: (policies: readonly AccessPolicy[]) => void;
  /** Whether a principal has a permission now. */
  readonly allows: (objectId: string, permission: string) => boolean;
}

/** Starts without policies. */
export function createPolicyList(): PolicyList {
  let policies: readonly AccessPolicy[] = [];
  const secretsOf = (objectId: string): readonly string[] =>
    policies.filter((policy) => policy.objectId === objectId).flatMap(({ secrets }) => secrets);
  const put = (objectId: string, secrets: readonly string[], since?: number): void => {
    const others = policies.filter((policy) => policy.objectId !== objectId);
    const own = { objectId, secrets: [...new Set(secrets)], ...(since !== undefined && { since }) };
    policies = secrets.length === 0 ? others : [...others, own];
  };
  return {
    all: () => policies,
    add: ({ objectId, secrets, since }) => {
      put(objectId, [...secretsOf(objectId), ...secrets], since);
    },
    remove: (objectId, secrets) => {
      put(
        objectId,
        secretsOf(objectId).filter((permission) => !secrets.includes(permission)),
      );
    },
    replace: (replacement) => {
      policies = replacement;
    },
    allows: (objectId, permission) =>
      policies.some(
        ({ objectId: holder, secrets, since = 0 }) =>
          holder === objectId && since <= Date.now() && (secrets.includes(permission) || secrets.includes('all')),
      ),
  };
}
