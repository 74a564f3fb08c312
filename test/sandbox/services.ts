import { startArm } from './arm/index.ts';
import type { ArmService } from './arm/index.ts';
import { sameName } from './arm/endpoint.ts';
import type { RegistryPlace } from './arm/endpoint.ts';
import type { CloudContext, RegistryService, RunningService, StorageService } from './contracts.ts';
import type { Side } from './description.ts';
import type { Directory } from './entra/directory.ts';
import { startEntra } from './entra/index.ts';
import type { EntraService } from './entra/index.ts';
import { createEngine } from './engine/index.ts';
import { startRegistry } from './registry/index.ts';
import { startStorage } from './storage/index.ts';
import type { StorageOptions } from './storage/index.ts';
import { startVault, VAULT_AUDIENCE } from './vault.ts';
import type { VaultService } from './vault.ts';

/** The running services of one cloud. */
export interface Services {
  readonly entra: EntraService;
  readonly registry: RegistryService;
  readonly storage: StorageService;
  readonly vault: VaultService;
  readonly arm: ArmService;
}

/** The context of the services. */
export interface ServiceOptions {
  readonly directory: Omit<Directory, 'resources'>;
  readonly place: Omit<RegistryPlace, 'loginServer'>;
  readonly storage: StorageOptions;
}

/** The same in all Azure clouds. */
const REGISTRY_AUDIENCE = 'https://containerregistry.azure.net';
const STORAGE_AUDIENCE = 'https://storage.azure.com';

/** ARM's identifier differs between clouds, and from its address. Clients must read it from the metadata. */
const armAudience = (side: Side): string => `https://management.core.${side}.sandbox/`;

/** Resource ID with which a pipeline gets the cloud's user-assigned identity. */
export const identityId = ({
  subscriptionId,
  resourceGroup,
}: Pick<ServiceOptions['place'], 'subscriptionId' | 'resourceGroup'>): string =>
  `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/transfer`;

/** Waits for all, so that none is still starting after another one fails. */
async function together<const T extends readonly Promise<unknown>[]>(
  starting: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(starting);
  return Promise.all(starting);
}

const hostOf = ({ origin }: RunningService): string => new URL(origin).host;

/**
 * Starts the services of a cloud in the order of their dependencies.
 * @param started is called with the function that stops a service, as soon as it runs
 */
export async function startServices(
  context: CloudContext,
  options: ServiceOptions,
  started: AsyncDisposableStack,
): Promise<Services> {
  const keep = async <T extends RunningService>(starting: Promise<T>): Promise<T> => {
    const service = await starting;
    started.defer(service.close);
    return service;
  };
  const audience = armAudience(context.side);
  const resources = [STORAGE_AUDIENCE, VAULT_AUDIENCE, audience];
  const known = (): readonly string[] =>
    context.settings().directory.registryAudience === 'known' ? [REGISTRY_AUDIENCE, ...resources] : resources;
  const entra = await keep(startEntra(context, { ...options.directory, resources: known }));
  const [registry, storage, vault] = await together([
    keep(startRegistry(context, entra, [audience])),
    keep(startStorage(context, entra, options.storage)),
    keep(startVault(context, entra)),
  ]);
  const engine = createEngine({
    store: registry.store,
    tokens: entra,
    ca: context.authority.certificate,
    vaultSecret: vault.readAs,
    corruptImports: () => context.settings().runs.corruptImports,
    brokenExports: () => context.settings().runs.brokenExports,
    skipImports: () => context.settings().runs.skipImports,
    listForm: () => context.settings().runs.importedArtifacts,
    alsoListed: () => context.settings().runs.alsoListed,
    loginServer: hostOf(registry),
  });
  const arm = await keep(
    startArm(context, {
      tokens: entra,
      engine,
      audience,
      place: { ...options.place, loginServer: hostOf(registry) },
      endpoints: {
        name: `Sandbox-${context.side}`,
        suffixes: { registry: hostOf(registry), vault: hostOf(vault), storage: hostOf(storage) },
      },
      neighbours: {
        account: storage.account,
        accountKey: storage.key,
        blobEndpoint: `${storage.endpoint}/`,
        vaultUri: `${vault.origin}/`,
      },
      identityOf: (id) =>
        sameName(id, identityId(options.place)) ? options.directory.managedIdentities[0] : undefined,
    }),
  );
  resources.push(...arm.audiences, storage.origin);
  return { entra, registry, storage, vault, arm };
}
