/** The access inspector port. */
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
import { notObserved, observe, observed } from './observation.ts';
import { allows, permissionSchema, type Permission } from './permissions.ts';
import { grantedRights, mayAct, mayReadByPolicy, permittedRights, readGrants } from './roles.ts';

/** Does it when it is first asked for, and once, whatever comes of it: a refusal is kept too. */
export function memoize<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let asked: Promise<Result> | undefined;
  return () => (asked ??= work());
}

const QUERY = { apiVersion: '2022-04-01', filter: null };

/**
 * What this step's own principal may do with a resource, its groups counted. Nobody needs a right to ask for his own
 * (Microsoft REST reference, "Permissions - List For Resource").
 * @throws an Error with the reason when there is no such answer
 */
const ownPermissions = (arm: Arm, resourceId: string): Promise<readonly Permission[]> =>
  readList(
    arm,
    `${resourceId}/providers/Microsoft.Authorization/permissions`,
    QUERY,
    permissionSchema,
    'list permissions of its own',
  );

/**
 * Reads what a secret says of itself.
 * @throws as readSecret does
 */
async function observeSecret(secretUri: string, access: SecretReaderContext): Promise<Observation<SecretFacts>> {
  const place = parseSecretUri(secretUri);
  if (place === null) return notObserved(`${secretUri} is not the address of a secret`);
  const secret = await readSecret(place, access);
  return observed(secret === null ? { kind: 'missing' } : secret.facts);
}

/** How an inspector reaches its side; asked for only when it looks. */
export interface InspectorAccess {
  readonly arm: () => Promise<Arm>;
  readonly secrets: () => Promise<SecretReaderContext>;
}

const GET_SECRET = 'Microsoft.KeyVault/vaults/secrets/getSecret/action';
const START_RUN = 'Microsoft.ContainerRegistry/registries/pipelineRuns/write';

/** A look at a resource that has to be found among those of the subscription first. */
async function found<Resource, Value>(
  resource: Resource | undefined,
  what: string,
  look: (resource: Resource) => Observation<Value> | Promise<Observation<Value>>,
): Promise<Observation<Value>> {
  if (resource !== undefined) return look(resource);
  return notObserved(`among those that may be seen in the pipeline's subscription is no ${what}`);
}

async function observeReader(arm: Arm, vault: ListedVault, principalId: string, secretId: string) {
  if (vault.properties.enableRbacAuthorization !== true) return mayReadByPolicy(vault, principalId);
  return mayAct(await readGrants(arm, principalId, secretId), GET_SECRET);
}

/** Looks around a side, with the subscription and the registry of its pipeline. */
export function createInspector({ subscriptionId, registryId }: PipelineId, access: InspectorAccess): AccessInspector {
  // Several checks need the same.
  const arm = memoize(access.arm);
  const accounts = memoize(async () => listAccounts(await arm(), subscriptionId));
  const vaults = memoize(async () => listVaults(await arm(), subscriptionId));

  const atAccount = <Value>(
    containerUri: string,
    look: (account: ListedAccount) => Observation<Value> | Promise<Observation<Value>>,
  ): Promise<Observation<Value>> =>
    observe(async () => found(accountOf(await accounts(), containerUri), `storage account of ${containerUri}`, look));

  return {
    storageAccount: (uri) => atAccount(uri, (account) => observed(accountFacts(account))),
    blobRights: (principalId, uri) =>
      atAccount(uri, async (account) => {
        const grants = await readGrants(await arm(), principalId, containerIdOf(account, uri));
        return grantedRights(grants);
      }),
    ownBlobRights: (uri) =>
      atAccount(uri, async (account) =>
        observed(permittedRights(await ownPermissions(await arm(), containerIdOf(account, uri)))),
      ),
    secret: (uri) => observe(async () => observeSecret(uri, await access.secrets())),
    mayReadSecret: (principalId, uri) =>
      observe(async () => {
        const place = parseSecretUri(uri);
        if (place === null) return notObserved(`${uri} is not the address of a secret`);
        return found(vaultAt(await vaults(), place), `key vault at ${place.vault}`, async (vault) =>
          observeReader(await arm(), vault, principalId, secretIdOf(vault, place)),
        );
      }),
    mayStartRuns: () =>
      observe(async () => observed(allows(await ownPermissions(await arm(), registryId), 'actions', START_RUN))),
  };
}
