import { registryId } from './arm/endpoint.ts';
import type { ArmService } from './arm/index.ts';
import { createContainer } from './container.ts';
import type { Container } from './container.ts';
import type { CloudDescription, RoleAssignment, Side } from './description.ts';
import type { Identity } from './entra/directory.ts';
import type { Services } from './services.ts';

/** The content of a new cloud. */
export interface Seed {
  readonly container: Container;
  readonly pipelines: CloudDescription['pipelines'];
  readonly roles: readonly RoleAssignment[];
}

const CONTAINER = 'transfer';
const SECRET = 'transfersas';

/**
 * The roles that a client of a transfer needs, and those that push and delete content at the source. On an ABAC registry, they don't allow
 * to list the catalog.
 */
const rolesOf = ({ objectId: principalId }: Identity): readonly RoleAssignment[] => [
  { principalId, role: 'Container Registry Transfer Pipeline Contributor' },
  { principalId, role: 'Reader' },
  { principalId, role: 'Key Vault Secrets User' },
  { principalId, role: 'AcrPull' },
  { principalId, role: 'AcrPush' },
  { principalId, role: 'AcrDelete' },
  { principalId, role: 'Container Registry Repository Contributor' },
  { principalId, role: 'Storage Blob Data Contributor' },
];

type Mode =
  | { readonly storageAccessMode: 'ManagedIdentity' }
  | { readonly storageAccessMode: 'SasToken'; readonly keyVaultUri: string };

/** Creates a pipeline with the options of Microsoft's walk-through: existing blobs and tags are overwritten. */
function createPipeline(
  side: Side,
  arm: ArmService,
  { uri, mode, caller }: { uri: string; mode: Mode; caller: Identity },
): ReturnType<ArmService['createPipeline']> {
  const identity = { type: 'SystemAssigned' };
  const storage = { type: 'AzureStorageBlobContainer', uri, ...mode };
  // Both import pipelines read one container: two triggers would import every blob twice.
  const status = mode.storageAccessMode === 'ManagedIdentity' ? 'Enabled' : 'Disabled';
  const suffix = mode.storageAccessMode === 'ManagedIdentity' ? 'ByIdentity' : 'BySas';
  return side === 'source'
    ? arm.createPipeline(
        'exportPipelines',
        `export${suffix}`,
        { identity, properties: { target: storage, options: ['OverwriteBlobs'] } },
        caller,
      )
    : arm.createPipeline(
        'importPipelines',
        `import${suffix}`,
        {
          identity,
          properties: { source: storage, options: ['OverwriteTags'], trigger: { sourceTrigger: { status } } },
        },
        caller,
      );
}

/** Permissions of a principal that sets up pipelines: roles, or access policies, depending on the vault. */
const SETTING_UP: readonly RoleAssignment['role'][] = [
  'Role Based Access Control Administrator',
  'Key Vault Secrets Officer',
  'Key Vault Contributor',
  'Storage Account Key Operator Service Role',
  'Storage Blob Delegator',
];

/** A cloud without pipelines. The IDs are those of the pipelines to create. */
function emptySeed(side: Side, container: Container, arm: ArmService, clients: readonly Identity[]): Seed {
  const kind = side === 'source' ? 'export' : 'import';
  const id = (suffix: string): string => `${registryId(arm.place)}/${kind}Pipelines/${kind}${suffix}`;
  return {
    container,
    pipelines: { managedIdentity: id('ByIdentity'), sasToken: id('BySas') },
    roles: clients
      .slice(0, 1)
      .flatMap((client) => [
        ...rolesOf(client).filter(({ role }) => role !== 'Key Vault Secrets User'),
        ...SETTING_UP.map((role): RoleAssignment => ({ principalId: client.objectId, role })),
      ]),
  };
}

/**
 * Adds to a new cloud what a transfer needs: the container, a pipeline in each storage access mode, a SAS in the vault, and the
 * roles of their identities and of the clients.
 * @param ca PEM of the cloud's CA
 * @param empty only the container, and the permissions to create the rest
 * @param clients the first one is the creator of the pipelines
 */
export async function seedCloud(
  { side, ca, empty }: { readonly side: Side; readonly ca: string; readonly empty: boolean },
  { storage, vault, arm }: Services,
  clients: readonly [Identity, ...Identity[]],
): Promise<Seed> {
  const container = await createContainer(storage, ca, CONTAINER);
  if (empty) return emptySeed(side, container, arm, clients);
  // Microsoft's walk-through stores the SAS with its question mark.
  const keyVaultUri = vault.setSecret(SECRET, `?${container.sas}`, container.sasExpires);
  const { uri } = container;
  const [caller] = clients;
  const byIdentity = createPipeline(side, arm, { uri, mode: { storageAccessMode: 'ManagedIdentity' }, caller });
  const bySas = createPipeline(side, arm, { uri, mode: { storageAccessMode: 'SasToken', keyVaultUri }, caller });
  return {
    container,
    pipelines: { managedIdentity: byIdentity.id, sasToken: bySas.id },
    roles: [
      ...clients.flatMap(rolesOf),
      { principalId: byIdentity.principalId, role: 'Storage Blob Data Contributor', container: CONTAINER },
      { principalId: bySas.principalId, role: 'Key Vault Secrets User' },
    ],
  };
}
