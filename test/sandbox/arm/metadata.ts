/** Where a cloud's services are, as its metadata tells. */
export interface CloudEndpoints {
  readonly name: string;
  /** Origins without trailing slash. */
  readonly arm: string;
  readonly entra: string;
  readonly tenantId: string;
  /** Audiences of ARM tokens. */
  readonly audiences: readonly string[];
  readonly suffixes: { readonly registry: string; readonly vault: string; readonly storage: string };
}

/**
 * One cloud as `GET /metadata/endpoints` describes it, members as public copies of management.azure.com's answer of 2022-09-01 have them;
 * those of services that the sandbox has not are left out. `tenant` is the sandbox's own where a public cloud says `common`, as clouds of
 * a single tenant do.
 */
function describe({ name, arm, entra, tenantId, audiences, suffixes }: CloudEndpoints): Record<string, unknown> {
  return {
    authentication: { loginEndpoint: entra, audiences, tenant: tenantId, identityProvider: 'AAD' },
    name,
    // Assumed: nothing answers there.
    portal: `https://portal.${name.toLowerCase()}.example`,
    suffixes: { acrLoginServer: suffixes.registry, keyVaultDns: suffixes.vault, storage: suffixes.storage },
    resourceManager: `${arm}/`,
  };
}

/**
 * The document for an api-version: since 2022-09-01 the cloud itself, from 2019-05-01 on a list of clouds. Public copies of both exist in
 * the tests of clients. Before that: null.
 */
export function metadataDocument(endpoints: CloudEndpoints, apiVersion: string): unknown {
  if (apiVersion >= '2022-09-01') return describe(endpoints);
  return apiVersion >= '2019-05-01' ? [describe(endpoints)] : null;
}
