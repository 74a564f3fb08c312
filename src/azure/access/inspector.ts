/** Implements the port AccessInspector with ARM and Key Vault. */
import { ok } from '../../transfer/errors/index.ts';
import type { PipelineId } from '../../transfer/model/pipeline-id.ts';
import type { AccessInspector, Observation, SecretFacts } from '../../transfer/ports/access-inspector.ts';
import {
  accountFacts,
  accountOf,
  containerIdOf,
  listAccounts,
  readList,
  type Arm,
  type ListedAccount,
} from '../arm/index.ts';
import {
  listVaults,
  parseSecretUri,
  readSecret,
  secretIdOf,
  vaultAt,
  type ListedVault,
  type SecretReaderContext,
} from '../key-vault/index.ts';
import { notObserved, observe } from './observation.ts';
import { allows, permissionSchema, type Permission } from './permissions.ts';
import { allowsDataAction, blobPermissionsOf, grantedBlobPermissions, policyAllowsRead, readGrants } from './roles.ts';

/** Runs `work` at the first call, and returns the same promise to all later calls. A rejection is cached too. */
export function memoize<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined;
  return () => (result ??= work());
}

const QUERY = { apiVersion: '2022-04-01', filter: null };

/**
 * Lists the permissions of this step's own principal for a resource, including those of its groups. Listing one's own
 * permissions needs no permission (Microsoft REST reference, "Permissions - List For Resource").
 * @throws an Error with the reason if the request fails
 */
const ownPermissions = (arm: Arm, resourceId: string): Promise<readonly Permission[]> =>
  readList(arm, {
    id: `${resourceId}/providers/Microsoft.Authorization/permissions`,
    query: QUERY,
    item: permissionSchema,
    what: 'list its own permissions',
  });

/**
 * Reads the facts of a secret.
 * @throws the errors of readSecret
 */
async function observeSecret(secretUri: string, access: SecretReaderContext): Promise<Observation<SecretFacts>> {
  const location = parseSecretUri(secretUri);
  if (location === null) return notObserved(`${secretUri} is not the address of a secret`);
  const secret = await readSecret(location, access);
  return ok(secret === null ? { kind: 'missing' } : secret.facts);
}

/** Lazy access to the services of one side. */
interface InspectorAccess {
  readonly arm: () => Promise<Arm>;
  readonly secrets: () => Promise<SecretReaderContext>;
}

const GET_SECRET = 'Microsoft.KeyVault/vaults/secrets/getSecret/action';
const START_RUN = 'Microsoft.ContainerRegistry/registries/pipelineRuns/write';

/** Inspects a resource of the subscription, or reports that the list doesn't contain it. */
async function inspectListed<Resource, Value>(
  resource: Resource | undefined,
  what: string,
  inspect: (resource: Resource) => Observation<Value> | Promise<Observation<Value>>,
): Promise<Observation<Value>> {
  if (resource !== undefined) return inspect(resource);
  return notObserved(`no ${what} is visible in the pipeline's subscription`);
}

/** Whether a principal can read a secret, by the vault's permission model. */
async function observeSecretReader(arm: Arm, vault: ListedVault, principalId: string, secretId: string) {
  if (vault.properties.enableRbacAuthorization !== true) return policyAllowsRead(vault, principalId);
  return allowsDataAction(await readGrants(arm, principalId, secretId), GET_SECRET);
}

/** Creates the inspector of one side for the subscription and the registry of its pipeline. */
export function createInspector({ subscriptionId, registryId }: PipelineId, access: InspectorAccess): AccessInspector {
  // Several checks use the same results.
  const arm = memoize(access.arm);
  const accounts = memoize(async () => listAccounts(await arm(), subscriptionId));
  const vaults = memoize(async () => listVaults(await arm(), subscriptionId));

  const atAccount = <Value>(
    containerUri: string,
    inspect: (account: ListedAccount) => Observation<Value> | Promise<Observation<Value>>,
  ): Promise<Observation<Value>> =>
    observe(async () =>
      inspectListed(accountOf(await accounts(), containerUri), `storage account of ${containerUri}`, inspect),
    );

  return {
    storageAccount: (uri) => atAccount(uri, (account) => ok(accountFacts(account))),
    blobPermissions: (principalId, uri) =>
      atAccount(uri, async (account) => {
        const grants = await readGrants(await arm(), principalId, containerIdOf(account, uri));
        return grantedBlobPermissions(grants);
      }),
    ownBlobPermissions: (uri) =>
      atAccount(uri, async (account) =>
        ok(blobPermissionsOf(await ownPermissions(await arm(), containerIdOf(account, uri)))),
      ),
    secret: (uri) => observe(async () => observeSecret(uri, await access.secrets())),
    canReadSecret: (principalId, uri) =>
      observe(async () => {
        const location = parseSecretUri(uri);
        if (location === null) return notObserved(`${uri} is not the address of a secret`);
        return inspectListed(vaultAt(await vaults(), location), `key vault at ${location.vault}`, async (vault) =>
          observeSecretReader(await arm(), vault, principalId, secretIdOf(vault, location)),
        );
      }),
    canStartRuns: () =>
      observe(async () => ok(allows(await ownPermissions(await arm(), registryId), 'actions', START_RUN))),
  };
}
