/** The endpoints of a cloud, as its metadata lists them. */
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
 * One cloud in the form of `GET /metadata/endpoints`. The members are those in public copies of management.azure.com's response
 * of 2022-09-01, without those of services that the sandbox doesn't have. `tenant` is the sandbox's own, as in clouds with a
 * single tenant. A public cloud has `common`.
 */
function describe({ name, arm, entra, tenantId, audiences, suffixes }: CloudEndpoints): Record<string, unknown> {
  return {
    authentication: { loginEndpoint: entra, audiences, tenant: tenantId, identityProvider: 'AAD' },
    name,
    // Assumed: these endpoints don't respond.
    portal: `https://portal.${name.toLowerCase()}.example`,
    suffixes: { acrLoginServer: suffixes.registry, keyVaultDns: suffixes.vault, storage: suffixes.storage },
    resourceManager: `${arm}/`,
  };
}

/**
 * The document for an api-version. Since 2022-09-01, it is the cloud itself; since 2019-05-01, a list of clouds. Tests of
 * public clients contain copies of both. Null for earlier versions.
 */
export function metadataDocument(endpoints: CloudEndpoints, apiVersion: string): unknown {
  if (apiVersion >= '2022-09-01') return describe(endpoints);
  return apiVersion >= '2019-05-01' ? [describe(endpoints)] : null;
}
