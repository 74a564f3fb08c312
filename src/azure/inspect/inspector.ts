import type { Inspector, Look } from '../../transfer/inspection.ts';
import type { PipelineId } from '../../transfer/pipeline-id.ts';
import type { Arm } from '../arm.ts';
import { once } from '../once.ts';
import { grantedRights, permittedRights } from './blob-rights.ts';
import { mayAct, readGrants } from './grants.ts';
import { looking, seen, unseen } from './look.ts';
import { ownPermissions } from './own-rights.ts';
import { allows } from './permissions.ts';
import { lookAtSecret, type SecretAccess } from './secret.ts';
import { accountFacts, accountOf, containerIdOf, listAccounts, type ListedAccount } from './storage-account.ts';
import { listVaults, parseSecretUri, mayReadByPolicy, secretIdOf, vaultAt, type ListedVault } from './vaults.ts';

/** How an inspector reaches its side; asked for only when it looks. */
export interface InspectorAccess {
  readonly arm: () => Promise<Arm>;
  readonly secrets: () => Promise<SecretAccess>;
}

const GET_SECRET = 'Microsoft.KeyVault/vaults/secrets/getSecret/action';
const START_RUN = 'Microsoft.ContainerRegistry/registries/pipelineRuns/write';

/** A look at a resource that has to be found among those of the subscription first. */
async function found<Resource, Value>(
  resource: Resource | undefined,
  what: string,
  look: (resource: Resource) => Look<Value> | Promise<Look<Value>>,
): Promise<Look<Value>> {
  if (resource !== undefined) return look(resource);
  return unseen(`among those that may be seen in the pipeline's subscription is no ${what}`);
}

async function lookAtReader(arm: Arm, vault: ListedVault, principalId: string, secretId: string) {
  if (vault.properties.enableRbacAuthorization !== true) return mayReadByPolicy(vault, principalId);
  return mayAct(await readGrants(arm, principalId, secretId), GET_SECRET);
}

/** Looks around a side, with the subscription and the registry of its pipeline. */
export function inspector({ subscriptionId, registryId }: PipelineId, access: InspectorAccess): Inspector {
  // Several checks need the same.
  const arm = once(access.arm);
  const accounts = once(async () => listAccounts(await arm(), subscriptionId));
  const vaults = once(async () => listVaults(await arm(), subscriptionId));

  const atAccount = <Value>(
    containerUri: string,
    look: (account: ListedAccount) => Look<Value> | Promise<Look<Value>>,
  ): Promise<Look<Value>> =>
    looking(async () => found(accountOf(await accounts(), containerUri), `storage account of ${containerUri}`, look));

  return {
    storageAccount: (uri) => atAccount(uri, (account) => seen(accountFacts(account))),
    blobRights: (principalId, uri) =>
      atAccount(uri, async (account) => {
        const grants = await readGrants(await arm(), principalId, containerIdOf(account, uri));
        return grantedRights(grants);
      }),
    ownBlobRights: (uri) =>
      atAccount(uri, async (account) =>
        seen(permittedRights(await ownPermissions(await arm(), containerIdOf(account, uri)))),
      ),
    secret: (uri) => looking(async () => lookAtSecret(uri, await access.secrets())),
    mayReadSecret: (principalId, uri) =>
      looking(async () => {
        const place = parseSecretUri(uri);
        if (place === null) return unseen(`${uri} is not the address of a secret`);
        return found(vaultAt(await vaults(), place), `key vault at ${place.vault}`, async (vault) =>
          lookAtReader(await arm(), vault, principalId, secretIdOf(vault, place)),
        );
      }),
    mayStartRuns: () =>
      looking(async () => seen(allows(await ownPermissions(await arm(), registryId), 'actions', START_RUN))),
  };
}
