/** ACRT2…. */
import { entry, federatedCredential, similarReports } from './catalog-entry.ts';

/** ACRT2…: sign-in, discovery of clouds, and the network. */
export const SIGN_IN_ERRORS = {
  ACRT2001: entry<{ side: string; authority: string; tenant: string; reason: string }>({
    title: 'Microsoft Entra ID refused the sign-in',
    meaning: 'Entra issued no token for this side. The AADSTS code in the message names the cause.',
    evidence: 'A response of Entra that matches none of the entries below.',
    message: (v) => `No token for the ${v.side} side from ${v.authority} (tenant ${v.tenant}): ${v.reason}`,
    remedy: (v) =>
      `Check ${v.side}-tenant-id, ${v.side}-client-id and ${v.side}-cloud. With OIDC, the app registration needs a federated credential with the subject of this workflow and the audience of the cloud (${v.side}-audience). ${similarReports(v.reason, 'azure login')}`,
  }),
  ACRT2002: entry<{ side: string }>({
    title: "The job can't request an id-token",
    meaning:
      'The side signs in with OIDC (tenant ID and client ID without a secret), but GitHub gives this job no id-token.',
    evidence: 'ACTIONS_ID_TOKEN_REQUEST_URL is not set (GitHub: OpenID Connect).',
    message: (v) =>
      `The ${v.side} side signs in with OIDC, but this job doesn't have the permission to request an id-token.`,
    remedy: (v) =>
      `Add the permission to the job:\n  permissions:\n    id-token: write\nor set ${v.side}-client-secret. Workflows from forks never get an id-token.`,
  }),
  ACRT2003: entry<{ side: string; reason: string }>({
    title: 'No credential was found',
    meaning:
      'The step has no credential inputs, and the job has no credential (environment variables, workload identity, managed identity, az login).',
    evidence: 'The identity library found no credential.',
    message: (v) => `No credential was found for the ${v.side} side: ${v.reason}`,
    remedy: (v) =>
      `Set ${v.side}-tenant-id and ${v.side}-client-id (OIDC), or sign in before this step. One az login covers one cloud only.`,
  }),
  ACRT2004: entry<{ endpoint: string; reason: string }>({
    title: "The cloud can't be discovered",
    meaning:
      'The action discovers a custom cloud through the metadata endpoint of its ARM endpoint. The response of this endpoint is not valid metadata.',
    evidence: '/metadata/endpoints of the ARM endpoint.',
    message: (v) => `The cloud at ${v.endpoint} can't be discovered: ${v.reason}`,
    remedy: () =>
      'Set source-cloud or target-cloud to the ARM endpoint of the cloud. This runner must reach it:\n  az cloud show --query endpoints.resourceManager\nSet NODE_EXTRA_CA_CERTS if its certificates come from a private CA.',
  }),
  ACRT2005: entry<{ host: string; reason: string }>({
    title: "A host can't be reached",
    meaning: 'DNS, network or TLS failed before a response arrived, also after retries.',
    evidence: 'ECONNREFUSED, ECONNRESET, ETIMEDOUT, EHOSTUNREACH …, or no response in time.',
    message: (v) => `No connection to ${v.host}: ${v.reason}`,
    remedy: (v) =>
      `Make ${v.host} reachable from this runner (DNS, firewall, proxy), or run this mode on a self-hosted runner in that network. For a certificate error, set NODE_EXTRA_CA_CERTS.`,
  }),
  ACRT2006: entry<{ side: string; authority: string; tenant: string; reason: string }>({
    title: 'The tenant or the cloud is wrong',
    meaning:
      "The tenant doesn't exist in this cloud, or the service that the token is for doesn't exist in the tenant. The usual cause is the tenant or the cloud of the other side.",
    evidence: 'AADSTS90002, 900023, 90072, 500011 (Microsoft: Entra error codes).',
    message: (v) => `${v.authority} can't sign in the ${v.side} side to tenant ${v.tenant}: ${v.reason}`,
    remedy: (v) =>
      `Set a tenant and a cloud that belong together:\n  ${v.side}-tenant-id: TENANT_ID\n  ${v.side}-cloud: azurecloud | azureusgovernment | azurechinacloud`,
  }),
  ACRT2007: entry<{ side: string; authority: string; tenant: string; reason: string }>({
    title: "The application isn't in this tenant",
    meaning:
      'The tenant has no application with this client ID, has no service principal for it, or has disabled the application.',
    evidence: 'AADSTS700016, 7000229, 7000112 (Microsoft: Entra error codes).',
    message: (v) => `The application of the ${v.side} side isn't in tenant ${v.tenant}: ${v.reason}`,
    remedy: (v) =>
      `Set ${v.side}-client-id to the application (client) ID of an app registration in this tenant, not to its object ID:\n  az ad app list --display-name NAME --query "[].appId"\nAn application of another tenant needs a service principal in this tenant:\n  az ad sp create --id CLIENT_ID`,
  }),
  ACRT2008: entry<{ side: string; authority: string; tenant: string; reason: string }>({
    title: 'The client secret is wrong or has expired',
    meaning: 'The application exists, but Entra rejected the client secret.',
    evidence: 'AADSTS7000215, 7000222 (Microsoft: Entra error codes).',
    message: (v) => `Tenant ${v.tenant} rejected the client secret of the ${v.side} side: ${v.reason}`,
    remedy: (v) =>
      `Use OIDC, which needs no secret, or create a client secret and set ${v.side}-client-secret to its value (not its ID):\n  az ad app credential reset --id CLIENT_ID`,
  }),
  ACRT2009: entry<{ side: string; authority: string; tenant: string; reason: string }>({
    title: 'No federated credential matches this workflow',
    meaning:
      'Issuer, subject and audience of the id-token must be exactly those of a federated credential of the application. One of them differs, or the application has no federated credential.',
    evidence: 'AADSTS70021, 70025, 700211, 700212, 700213, 7002138 (Microsoft: Entra error codes).',
    message: (v) =>
      `No federated credential of the ${v.side} side's application matches the id-token of this job: ${v.reason}`,
    remedy: (v) =>
      `Create a federated credential with exactly these values, or set ${v.side}-audience to the audience of an existing one:\n  ${federatedCredential(v.reason)}`,
  }),
  ACRT2010: entry<{ side: string; authority: string; tenant: string; reason: string }>({
    title: 'A tenant policy blocks the sign-in',
    meaning:
      "Conditional Access, multi-factor authentication or a risk policy blocks this principal or the network of the runner, or the tenant doesn't allow sign-in with id-tokens of GitHub.",
    evidence:
      'AADSTS53003, 530035, 50076, 50079; 700223, 700238, 7002381 for federation (Microsoft: Entra error codes).',
    message: (v) => `A policy of tenant ${v.tenant} blocks the sign-in of the ${v.side} side: ${v.reason}`,
    remedy: () =>
      'Ask the tenant administrator to exclude this workload identity from the policy, or run the job on a runner in a network that the policy allows. The sign-in log of the tenant shows the policy for the correlation ID.',
  }),
  ACRT2011: entry<{ side: string; authority: string; tenant: string; reason: string }>({
    title: 'The id-token was rejected',
    meaning:
      "The id-token isn't valid yet or has expired, or Entra can't verify its signature. The usual causes are a wrong clock and an issuer that Entra can't reach (GitHub Enterprise Server).",
    evidence: 'AADSTS700024, 700027, 50013, 50166 (Microsoft: Entra error codes).',
    message: (v) => `${v.authority} rejected the id-token of the ${v.side} side: ${v.reason}`,
    remedy: () =>
      'Synchronize the clock of the runner (timedatectl set-ntp true). With GitHub Enterprise Server: let Entra reach https://HOST/_services/token/.well-known/openid-configuration.',
  }),
  ACRT2012: entry<{ host: string; reason: string }>({
    title: "A host name can't be resolved",
    meaning:
      "The name is misspelled, belongs to another cloud, or exists only in a private DNS zone that this runner doesn't use.",
    evidence: 'ENOTFOUND, EAI_AGAIN of the name server.',
    message: (v) => `${v.host} can't be resolved: ${v.reason}`,
    remedy: (v) =>
      `Check the name and the cloud. For a private endpoint, run the job on a runner in that network, and link its private DNS zone:\n  nslookup ${v.host}`,
  }),
  ACRT2013: entry<{ host: string; reason: string }>({
    title: "The certificate of a host isn't trusted",
    meaning:
      "A proxy that inspects TLS replaced the certificate of the host, or this runner doesn't trust the certificate authority of the cloud.",
    evidence: 'CERT_*, UNABLE_TO_*, SELF_SIGNED_*, ERR_TLS_* of Node and OpenSSL.',
    message: (v) => `The certificate of ${v.host} isn't trusted: ${v.reason}`,
    remedy: () =>
      "Add the certificate authority to the step. The action can't disable certificate verification:\n  env:\n    NODE_EXTRA_CA_CERTS: /path/to/ca.pem",
  }),
  ACRT2017: entry<{ side: string; kind: string; host: string; cloud: string; suffixes: string }>({
    title: "A host doesn't belong to the cloud",
    meaning:
      'Tokens are sent only to hosts of the cloud, because a pipeline or a registry that was tampered with could name any host. A custom domain, and a host of another cloud, have no suffix of this cloud.',
    evidence:
      'The suffixes of the cloud: built in for the known clouds (including DNS-zone endpoints, *.zNN.blob.storage.azure.net), from the metadata of a custom cloud.',
    message: (v) =>
      `The ${v.kind} host ${v.host} of the ${v.side} side doesn't belong to the cloud ${v.cloud}, whose hosts end with ${v.suffixes}. No credential was sent to it.`,
    remedy: (v) =>
      `If the host belongs to another cloud, set ${v.side}-cloud to that cloud. If it is a custom domain of yours, allow it:\n  ${v.side}-allowed-hosts: ${v.host}`,
  }),
} as const;
