/** Permissions of roles, and of the built-in roles. */
import * as z from 'zod';

const BLOBS = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs';
const SECRETS = 'Microsoft.KeyVault/vaults/secrets';

const onData = (...dataActions: readonly string[]): readonly Permission[] => [
  { actions: [], notActions: [], dataActions, notDataActions: [] },
];

/**
 * Data actions of built-in roles, by the GUID of the role definition. Actions on resources are left out, because no check
 * needs them (Microsoft Learn, "Azure built-in roles").
 */
export const BUILT_IN_ROLES: ReadonlyMap<string, readonly Permission[]> = new Map([
  // Storage Blob Data Owner, Contributor, Reader, Delegator
  ['b7e6dc6d-f1e8-4753-8033-0f276bb0955b', onData(`${BLOBS}/*`)],
  [
    'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
    onData(`${BLOBS}/delete`, `${BLOBS}/read`, `${BLOBS}/write`, `${BLOBS}/move/action`, `${BLOBS}/add/action`),
  ],
  ['2a2b9908-6ea1-4ae2-8e65-a410df84e7d1', onData(`${BLOBS}/read`)],
  ['db58b8e5-c6ad-4a2a-8342-4190687cbf4a', onData()],
  // Key Vault Secrets User, Secrets Officer, Administrator
  ['4633458b-17de-408a-b874-0445c86b69e6', onData(`${SECRETS}/getSecret/action`, `${SECRETS}/readMetadata/action`)],
  ['b86a8fe4-44ce-4948-aee5-eccb2c155cd7', onData(`${SECRETS}/*`)],
  ['00482a5a-887f-4fb3-b363-3b7fe8e74483', onData('Microsoft.KeyVault/vaults/*')],
  // Owner, Contributor, Reader
  ['8e3af657-a8ff-443c-a75c-2fe8c4bcb635', onData()],
  ['b24988ac-6180-42a0-ab88-20f7382dd24c', onData()],
  ['acdd72a7-3385-48ef-bd42-f606fba81ae7', onData()],
  // AcrPull, AcrPush, AcrDelete, Container Registry Transfer Pipeline Contributor
  ['7f951dda-4ed3-4680-a7ca-43fe172d538d', onData()],
  ['8311e382-0749-4cb8-b61a-304f252e45ec', onData()],
  ['c2f4ef07-c644-48eb-af81-4b1b4947fb11', onData()],
  ['bf94e731-3a51-4a7c-8c54-a1ab9971dfc1', onData()],
]);

const actions = z
  .array(z.string())
  .nullish()
  .transform((list): readonly string[] => list ?? []);

/** Permission of a role (Microsoft REST reference, "Permission"). `notActions` and `notDataActions` list exceptions. */
export const permissionSchema = z.object({
  actions,
  notActions: actions,
  dataActions: actions,
  notDataActions: actions,
});

/** Actions on resources, and actions on the data in them, with `*` as a wildcard. */
export type Permission = z.infer<typeof permissionSchema>;

/** List that contains an action. */
type ActionKind = 'actions' | 'dataActions';

/**
 * Matches an action, ignoring case. `*` matches any characters, including slashes (Microsoft Learn, "Understand Azure role
 * definitions").
 */
function matches(pattern: string, action: string): boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('*');
  const text = action.toLowerCase();
  if (rest.length === 0) return first === text;
  const last = rest.pop() ?? '';
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let from = first.length;
  for (const part of rest) {
    const index = text.indexOf(part, from);
    if (index < 0) return false;
    from = index + part.length;
  }
  return from + last.length <= text.length;
}

/** Whether at least one permission allows an action. The exceptions of one permission don't limit the others. */
export function allows(permissions: readonly Permission[], kind: ActionKind, action: string): boolean {
  const exceptions = kind === 'actions' ? 'notActions' : 'notDataActions';
  return permissions.some(
    (permission) =>
      permission[kind].some((pattern) => matches(pattern, action)) &&
      !permission[exceptions].some((pattern) => matches(pattern, action)),
  );
}
