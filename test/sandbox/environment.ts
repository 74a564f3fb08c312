import type { CloudDescription, SandboxDescription } from './description.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string>>;

function cloudVariables(prefix: string, cloud: CloudDescription): Environment {
  return {
    [`${prefix}_CLOUD`]: cloud.arm,
    [`${prefix}_TENANT_ID`]: cloud.tenantId,
    [`${prefix}_CLIENT_ID`]: cloud.client.clientId,
    [`${prefix}_CLIENT_SECRET`]: cloud.client.clientSecret,
    [`${prefix}_PIPELINE`]: cloud.pipelines.managedIdentity,
    [`${prefix}_PIPELINE_SAS`]: cloud.pipelines.sasToken,
    [`${prefix}_REGISTRY`]: cloud.registry.loginServer,
    [`${prefix}_CONTAINER`]: cloud.storage.containerUri,
  };
}

/**
 * The environment of a process that uses the sandbox: trust in its CAs, the runner's id-token service, and the values for the
 * inputs of the action. Common clients read different variables for trusted CAs, so all of them are set.
 */
export function environmentOf({ caFile, github, source, target }: SandboxDescription): Environment {
  return {
    NODE_EXTRA_CA_CERTS: caFile,
    SSL_CERT_FILE: caFile,
    REQUESTS_CA_BUNDLE: caFile,
    ACTIONS_ID_TOKEN_REQUEST_URL: github.requestUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: github.requestToken,
    ...cloudVariables('SOURCE', source),
    ...cloudVariables('TARGET', target),
  };
}

/** Lines for a POSIX shell. */
export const shellExports = (environment: Environment): string =>
  Object.entries(environment)
    .map(([name, value]) => `export ${name}='${value.replaceAll(`'`, String.raw`'\''`)}'\n`)
    .join('');
