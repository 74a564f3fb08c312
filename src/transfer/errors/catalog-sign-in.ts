/** ACRT2…. */
import { entry, federatedCredential, similarReports } from './catalog-entry.ts';

/** ACRT2…: sign-in, discovery of clouds, and the network. */
export const SIGN_IN_ERRORS = {
  ACRT2001: entry<{ side: string; authority: string; tenant: string; reason: string }>({
    title: 'Microsoft Entra ID refused the sign-in',
    message: (v) => `No token for the ${v.side} side from ${v.authority} (tenant ${v.tenant}): ${v.reason}`,
    remedy: (v) =>
      `Check ${v.side}-tenant-id, ${v.side}-client-id and ${v.side}-cloud. With OIDC, the app registration needs a federated credential with the subject of this workflow and the audience of the cloud (${v.side}-audience). ${similarReports(v.reason, 'azure login')}`,
  }),
  ACRT2002: entry<{ side: string }>({
    title: "The job can't request an id-token",
    message: (v) =>
      `The ${v.side} side signs in with OIDC, but this job doesn't have the permission to request an id-token.`,
    remedy: (v) =>
      `Add the permission to the job:\n  permissions:\n    id-token: write\nor set ${v.side}-client-secret. Workflows from forks never get an id-token.`,
  }),
  ACRT2003: entry<{ side: string; reason: string }>({
    title: 'No credential was found',
    message: (v) => `No credential was found for the ${v.side} side: ${v.reason}`,
    remedy: (v) =>
      `Set ${v.side}-tenant-id and ${v.side}-client-id (OIDC), or sign in before this step. One az login covers one cloud only.`,
  }),
  ACRT2004: entry<{ endpoint: string; reason: string }>({
    title: "The cloud can't be discovered",
    message: (v) => `The cloud at ${v.endpoint} can't be discovered: ${v.reason}`,
    remedy: () =>
      'Set source-cloud or target-cloud to the ARM endpoint of the cloud. This runner must reach it:\n  az cloud show --query endpoints.resourceManager\nSet NODE_EXTRA_CA_CERTS if its certificates come from a private CA.',
  }),
  ACRT2005: entry<{ host: string; reason: string }>({
    title: "A host can't be reached",
    message: (v) => `No connection to ${v.host}: ${v.reason}`,
    remedy: (v) =>
      `Make ${v.host} reachable from this runner (DNS, firewall, proxy), or run this mode on a self-hosted runner in that network. For a certificate error, set NODE_EXTRA_CA_CERTS.`,
  }),
  ACRT2006: entry<{ side: string; authority: string; tenant: string; reason: string }>({
    title: 'The tenant or the cloud is wrong',
    message: (v) => `${v.authority} can't sign in the ${v.side} side to tenant ${v.tenant}: ${v.reason}`,
    remedy: (v) =>
      `Set a tenant and a cloud that belong together:\n  ${v.side}-tenant-id: TENANT_ID\n  ${v.side}-cloud: azurecloud | azureusgovernment | azurechinacloud`,
  }),
  ACRT2007: entry<{ side: string; authority: string; tenant: string; reason: string }>({
    title: "The application isn't in this tenant",
    message: (v) => `The application of the ${v.side} side isn't in tenant ${v.tenant}: ${v.reason}`,
    remedy: (v) =>
      `Set ${v.side}-client-id to the application (client) ID of an app registration in this tenant, not to its object ID:\n  az ad app list --display-name NAME --query "[].appId"\nAn application of another tenant needs a service principal in this tenant:\n  az ad sp create --id CLIENT_ID`,
  }),
  ACRT2008: entry<{ side: string; authority: string; tenant: string; reason: string }>({
    title: 'The client secret is wrong or has expired',
    message: (v) => `Tenant ${v.tenant} rejected the client secret of the ${v.side} side: ${v.reason}`,
    remedy: (v) =>
      `Use OIDC, which needs no secret, or create a client secret and set ${v.side}-client-secret to its value (not its ID):\n  az ad app credential reset --id CLIENT_ID`,
  }),
  ACRT2009: entry<{ side: string; authority: string; tenant: string; reason: string }>({
    title: 'No federated credential matches this workflow',
    message: (v) =>
      `No federated credential of the ${v.side} side's application matches the id-token of this job: ${v.reason}`,
    remedy: (v) =>
      `Create a federated credential with exactly these values, or set ${v.side}-audience to the audience of an existing one:\n  ${federatedCredential(v.reason)}`,
  }),
  ACRT2010: entry<{ side: string; authority: string; tenant: string; reason: string }>({
    title: 'A tenant policy blocks the sign-in',
    message: (v) => `A policy of tenant ${v.tenant} blocks the sign-in of the ${v.side} side: ${v.reason}`,
    remedy: () =>
      'Ask the tenant administrator to exclude this workload identity from the policy, or run the job on a runner in a network that the policy allows. The sign-in log of the tenant shows the policy for the correlation ID.',
  }),
  ACRT2011: entry<{ side: string; authority: string; tenant: string; reason: string }>({
    title: 'The id-token was rejected',
    message: (v) => `${v.authority} rejected the id-token of the ${v.side} side: ${v.reason}`,
    remedy: () =>
      'Synchronize the clock of the runner (timedatectl set-ntp true). With GitHub Enterprise Server: let Entra reach https://HOST/_services/token/.well-known/openid-configuration.',
  }),
  ACRT2012: entry<{ host: string; reason: string }>({
    title: "A host name can't be resolved",
    message: (v) => `${v.host} can't be resolved: ${v.reason}`,
    remedy: (v) =>
      `Check the name and the cloud. For a private endpoint, run the job on a runner in that network, and link its private DNS zone:\n  nslookup ${v.host}`,
  }),
  ACRT2013: entry<{ host: string; reason: string }>({
    title: "The certificate of a host isn't trusted",
    message: (v) => `The certificate of ${v.host} isn't trusted: ${v.reason}`,
    remedy: () =>
      "Add the certificate authority to the step. The action can't disable certificate verification:\n  env:\n    NODE_EXTRA_CA_CERTS: /path/to/ca.pem",
  }),
  ACRT2017: entry<{ side: string; kind: string; host: string; cloud: string; suffixes: string }>({
    title: "A host doesn't belong to the cloud",
    message: (v) =>
      `The ${v.kind} host ${v.host} of the ${v.side} side doesn't belong to the cloud ${v.cloud}, whose hosts end with ${v.suffixes}. No credential was sent to it.`,
    remedy: (v) =>
      `If the host belongs to another cloud, set ${v.side}-cloud to that cloud. If it is a custom domain of yours, allow it:\n  ${v.side}-allowed-hosts: ${v.host}`,
  }),
  ACRT2018: entry<{ host: string; reason: string }>({
    title: 'A proxy or gateway answered instead of the service',
    message: (v) => `The request to ${v.host} was answered by a proxy or gateway: ${v.reason}`,
    remedy: (v) =>
      `Let the proxy or firewall pass requests to ${v.host}, or run this mode on a runner in a network that reaches it. A proxy is set by the environment of the runner or the step, with user name and password if it asks for them (HTTP 407):\n  env:\n    HTTPS_PROXY: http://proxy.example:3128\n    NO_PROXY: localhost`,
  }),
  ACRT2019: entry<{ host: string; reason: string }>({
    title: 'A service is unavailable',
    message: (v) => `${v.host} is unavailable: ${v.reason}`,
    remedy: (v) =>
      `Run the workflow again in a few minutes. What already arrived is skipped. If the error persists, check the status of the service (https://azure.status.microsoft). ${similarReports(v.reason)}`,
  }),
  ACRT2020: entry<{ proxy: string; host: string; reason: string }>({
    title: "The proxy can't be reached",
    message: (v) => `No connection to the proxy ${v.proxy}, which requests to ${v.host} are sent through: ${v.reason}`,
    remedy: (v) =>
      `Correct HTTPS_PROXY in the environment of the runner or the step, or make the proxy reachable from this runner. Hosts in NO_PROXY are reached without it:\n  env:\n    HTTPS_PROXY: http://proxy.example:3128\n    NO_PROXY: ${v.host}`,
  }),
} as const;
