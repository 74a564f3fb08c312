import { createPipelineFromOptions, createPipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline';
import { TransferError, transferError, type TransferErrorId } from '../../transfer/errors/index.ts';
import { networkError, outageError, sdkOptions, serviceReason } from '../http/index.ts';

/** Services whose hosts answers name. ARM and Entra have one host in each cloud. */
export type HostKind = 'storage' | 'registry' | 'vault';

/** Suffixes of the hosts of a cloud, without a leading period. None: the cloud doesn't tell, and every host is accepted. */
type HostSuffixes = Readonly<Record<HostKind, readonly string[]>>;

/** Endpoints and token audiences of a cloud. URLs have no trailing slashes. */
export interface Cloud {
  readonly name: string;
  /** ARM endpoint. */
  readonly arm: string;
  readonly armScope: string;
  /** Entra authority host. */
  readonly authority: string;
  /** Audiences of tokens that a registry exchanges, in order of preference. */
  readonly registryAudiences: readonly string[];
  /** Audience of storage tokens; null: the storage account's own URL, which works in every cloud. */
  readonly storageAudience: string | null;
  /** Audience of GitHub's id-token in a federated credential. */
  readonly idTokenAudience: string;
  /** Whether the cloud is absent from Entra's public list, so that instance discovery must be disabled. */
  readonly custom: boolean;
  /** URL of its portal; null if it is unknown. */
  readonly portal: string | null;
  /** Suffixes of the hosts of its services. */
  readonly suffixes: HostSuffixes;
}

/**
 * A registry's own audience, the same in all clouds (Azure/azure-sdk-for-net#34785; default of @azure/container-registry and
 * of `az acr login`). Every registry accepts it. It accepts ARM's audience only while its azureADAuthenticationAsArmPolicy is
 * enabled. The directory of a disconnected cloud might know only ARM's audience (Azure/azure-cli#33674).
 */
const REGISTRY_AUDIENCE = 'https://containerregistry.azure.net';

const knownCloud = (
  name: string,
  arm: string,
  authority: string,
  idTokenAudience: string,
  portal: string,
  [storage, registry, vault]: readonly [string, string, string],
): Cloud => ({
  name,
  arm,
  armScope: `${arm}/.default`,
  authority,
  // KnownContainerRegistryAudience of @azure/container-registry: the ARM endpoint of each cloud.
  registryAudiences: [REGISTRY_AUDIENCE, arm],
  storageAudience: 'https://storage.azure.com',
  idTokenAudience,
  custom: false,
  portal,
  suffixes: { storage: [storage], registry: [registry], vault: [vault] },
});

/** Audience of id-tokens in clouds without an audience of their own (Entra: workload identity federation). */
const ID_TOKEN_AUDIENCE = 'api://AzureADTokenExchange';

const KNOWN: ReadonlyMap<string, Cloud> = new Map(
  [
    knownCloud(
      'azurecloud',
      'https://management.azure.com',
      'https://login.microsoftonline.com',
      ID_TOKEN_AUDIENCE,
      'https://portal.azure.com',
      ['blob.core.windows.net', 'azurecr.io', 'vault.azure.net'],
    ),
    knownCloud(
      'azureusgovernment',
      'https://management.usgovcloudapi.net',
      'https://login.microsoftonline.us',
      `${ID_TOKEN_AUDIENCE}USGov`,
      'https://portal.azure.us',
      ['blob.core.usgovcloudapi.net', 'azurecr.us', 'vault.usgovcloudapi.net'],
    ),
    knownCloud(
      'azurechinacloud',
      'https://management.chinacloudapi.cn',
      'https://login.partner.microsoftonline.cn',
      `${ID_TOKEN_AUDIENCE}China`,
      'https://portal.azure.cn',
      ['blob.core.chinacloudapi.cn', 'azurecr.cn', 'vault.azure.cn'],
    ),
  ].map((cloud) => [cloud.name, cloud]),
);

/** Whether a cloud is known by its name, so that nothing has to be requested to resolve it. */
export const isKnownCloud = (name: string): boolean => KNOWN.has(name.toLowerCase());

/** This version lists authority and audiences. The Azure CLI uses it for custom clouds. */
const METADATA_PATH = '/metadata/endpoints?api-version=2022-09-01';

const trim = (url: string): string => url.replace(/\/+$/, '');

interface Metadata {
  readonly name?: unknown;
  readonly resourceManager?: unknown;
  readonly portal?: unknown;
  readonly authentication?: { readonly loginEndpoint?: unknown; readonly audiences?: unknown };
  readonly suffixes?: { readonly storage?: unknown; readonly acrLoginServer?: unknown; readonly keyVaultDns?: unknown };
}

const suffixList = (suffix: unknown): readonly string[] =>
  typeof suffix === 'string' && suffix !== '' ? [suffix.toLowerCase().replace(/^\.+/, '')] : [];

const suffixesOf = ({ suffixes }: Metadata): HostSuffixes => ({
  storage: suffixList(suffixes?.storage),
  registry: suffixList(suffixes?.acrLoginServer),
  vault: suffixList(suffixes?.keyVaultDns),
});

/** Accepts only an https URL, because links start with it. */
function portalOf(portal: unknown): string | null {
  const url = typeof portal === 'string' ? URL.parse(portal) : null;
  return url?.protocol === 'https:' ? trim(`${url.origin}${url.pathname}`) : null;
}

function customCloud(arm: string, metadata: Metadata): Cloud {
  const { loginEndpoint, audiences } = metadata.authentication ?? {};
  const audience: unknown = Array.isArray(audiences) ? audiences[0] : undefined;
  if (typeof loginEndpoint !== 'string' || typeof audience !== 'string') {
    throw transferError('ACRT2004', { endpoint: arm, reason: 'its metadata has no loginEndpoint or no audience' });
  }
  return {
    name: typeof metadata.name === 'string' ? metadata.name : new URL(arm).host,
    arm,
    armScope: `${audience}/.default`,
    authority: trim(loginEndpoint),
    registryAudiences: [REGISTRY_AUDIENCE, audience],
    storageAudience: null,
    idTokenAudience: ID_TOKEN_AUDIENCE,
    custom: true,
    portal: portalOf(metadata.portal),
    suffixes: suffixesOf(metadata),
  };
}

/** Selects the metadata of a cloud. An endpoint describes only its own cloud, or lists several clouds including its own. */
function pickMetadata(arm: string, body: unknown): Metadata {
  if (!Array.isArray(body)) return body ?? {};
  const own = (body as readonly Metadata[]).find(
    ({ resourceManager }) => typeof resourceManager === 'string' && trim(resourceManager) === arm,
  );
  if (own === undefined)
    throw transferError('ACRT2004', { endpoint: arm, reason: 'its metadata does not list itself' });
  return own;
}

function unexpectedStatus({ status, headers, bodyAsText }: PipelineResponse, arm: string): Error {
  const response = { status, contentType: headers.get('content-type') ?? null, body: bodyAsText ?? null };
  const reason = `HTTP ${status}`;
  return outageError(response, arm, { reason }) ?? new Error(reason);
}

/** Errors of the network that a wrong cloud in the inputs causes. */
const CAUSED_BY_INPUT: readonly TransferErrorId[] = ['ACRT2012', 'ACRT2013'];

/**
 * Finds a known cloud by its name, or discovers another one by the metadata of its ARM endpoint.
 * @param nameOrEndpoint `azurecloud`, `azureusgovernment`, `azurechinacloud`, or an https URL
 * @throws ACRT2004 if the endpoint doesn't describe a cloud; ACRT2005, ACRT2018 to ACRT2020 if it doesn't answer
 */
export async function resolveCloud(nameOrEndpoint: string): Promise<Cloud> {
  const cloud = KNOWN.get(nameOrEndpoint.toLowerCase());
  if (cloud !== undefined) return cloud;
  const arm = trim(nameOrEndpoint);
  const { additionalPolicies, httpClient, ...options } = sdkOptions();
  const pipeline = createPipelineFromOptions(options);
  for (const { policy } of additionalPolicies) pipeline.addPolicy(policy);
  const request = createPipelineRequest({ url: `${arm}${METADATA_PATH}` });
  let body: unknown;
  try {
    const response = await pipeline.sendRequest(httpClient, request);
    if (response.status !== 200) throw unexpectedStatus(response, arm);
    body = JSON.parse(response.bodyAsText ?? '');
  } catch (cause) {
    if (cause instanceof TransferError) throw cause;
    const network = networkError(cause, arm);
    // For a wrong name or an unknown certificate, the cloud of the input is the likely cause.
    if (network !== null && !CAUSED_BY_INPUT.includes(network.facts.id)) throw network;
    throw transferError('ACRT2004', { endpoint: arm, reason: serviceReason(cause) }, { cause });
  }
  return customCloud(arm, pickMetadata(arm, body));
}
