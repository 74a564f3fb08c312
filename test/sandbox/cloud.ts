import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { registryId } from './arm/endpoint.ts';
import { contextOf, createCloudState } from './cloud-state.ts';
import type { ControlledCloud } from './control.ts';
import type { CloudDescription, Side } from './description.ts';
import type { Application, FederatedCredential, Identity } from './entra/directory.ts';
import { seedCloud } from './seed.ts';
import type { Seed } from './seed.ts';
import { identityId, startServices } from './services.ts';
import type { Services } from './services.ts';
import type { SettingsPatch } from './settings.ts';
import type { StorageOptions } from './storage/index.ts';
import type { CertificateAuthority } from './tls.ts';

/** Everything that defines one cloud. */
export interface CloudOptions {
  readonly side: Side;
  readonly authority: CertificateAuthority;
  /** Path of the certificate of `authority`. */
  readonly caFile: string;
  readonly storage: StorageOptions;
  readonly folder: string;
  /** The runner whose id-tokens the application accepts. */
  readonly federatedCredential: FederatedCredential;
  readonly settings: SettingsPatch;
  /** Whether pipelines and their resources are missing. Principals that sign in can create them. */
  readonly empty: boolean;
}

/** A running cloud. */
export interface Cloud {
  readonly description: CloudDescription;
  /** Its part of the control server. */
  readonly controlled: ControlledCloud;
  readonly stop: () => Promise<void>;
}

const newIdentity = (): Identity => ({ clientId: randomUUID(), objectId: randomUUID() });

type Names = Pick<CloudDescription, 'caFile' | 'tenantId' | 'subscriptionId' | 'resourceGroup' | 'client'>;
type ManagedIdentity = Omit<CloudDescription['managedIdentity'], 'endpoint'>;

function describe(names: Names, identity: ManagedIdentity, services: Services, seed: Seed): CloudDescription {
  const { entra, registry, storage, vault, arm } = services;
  const { subscriptionId, resourceGroup } = names;
  const [name, loginServer] = [arm.place.registry, new URL(registry.origin).host];
  return {
    caFile: names.caFile,
    arm: arm.origin,
    entra: entra.origin,
    vault: vault.origin,
    tenantId: names.tenantId,
    subscriptionId,
    resourceGroup,
    registry: { id: registryId(arm.place), name, loginServer },
    storage: {
      account: storage.account,
      key: storage.key,
      endpoint: storage.endpoint,
      containerUri: seed.container.uri,
      containerSas: seed.container.sas,
    },
    client: names.client,
    managedIdentity: { endpoint: entra.managedIdentityEndpoint, ...identity },
    pipelines: seed.pipelines,
  };
}

/**
 * Starts one cloud with everything that a transfer needs: services, an application, an identity, a container, pipelines and
 * roles.
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { side, authority, folder, federatedCredential, storage, caFile } = options;
  await using starting = new AsyncDisposableStack();
  await mkdir(folder, { recursive: true });
  const state = createCloudState(options.settings);
  const tenantId = randomUUID();
  const place = { subscriptionId: randomUUID(), resourceGroup: `transfer-${side}`, registry: `sandbox${side}` };
  const secret = randomBytes(30).toString('base64url');
  const application: Application = { ...newIdentity(), secret, federatedCredentials: [federatedCredential] };
  const [identity, header] = [newIdentity(), randomUUID()];
  const directory = { applications: [application], managedIdentities: [identity], identityHeader: header };

  const context = contextOf({ side, authority, tenantId, folder }, state);
  const services = await startServices(context, { directory, place, storage }, starting);
  const seed = await seedCloud({ side, ca: authority.certificate, empty: options.empty }, services, [
    application,
    identity,
  ]);
  state.roles.add(...seed.roles);
  state.faults.resetCounts();
  services.storage.resetTraffic();
  const running = starting.move();
  const client = { clientId: application.clientId, clientSecret: secret, objectId: application.objectId };
  return {
    controlled: {
      state,
      putManifests: services.registry.putManifests,
      lock: services.registry.lock,
      vault: services.vault,
      inventory: () => ({
        ...services.arm.inventory(),
        roles: state.roles.all(),
        policies: Object.fromEntries(state.policies.all().map(({ objectId, secrets }) => [objectId, secrets])),
        secrets: services.vault.names(),
      }),
      transfers: services.arm.transfers,
      traffic: services.storage.traffic,
      resetTraffic: services.storage.resetTraffic,
    },
    stop: () => running.disposeAsync(),
    description: describe(
      { ...place, caFile, tenantId, client },
      { ...identity, header, resourceId: identityId(place) },
      services,
      seed,
    ),
  };
}
