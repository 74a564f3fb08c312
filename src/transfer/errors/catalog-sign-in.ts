/** ACRT2…. */
import { entry, federatedCredential, similarReports } from './catalog-entry.ts';

/** ACRT2…: sign-in, discovery of clouds, and the network. */
export const SIGN_IN_ERRORS = {
  ACRT2001: entry<{ side: string; authority: string; tenant: string; reason: string }>({
    title: 'Sign-in was refused',
    meaning: 'Entra ID gave no token for this side. The AADSTS code in the cause says why.',
    evidence: 'An answer of Entra that none of the entries below knows.',
    message: (v) => `No token for the ${v.side} side from ${v.authority} (tenant ${v.tenant}): ${v.reason}`,
    remedy: (v) =>
      `Check ${v.side}-tenant-id, ${v.side}-client-id and ${v.side}-cloud. With OIDC the app registration needs a federated credential whose subject is this workflow's, and the audience of the cloud (${v.side}-audience). ${similarReports(v.reason, 'azure login')}`,
  }),
  ACRT2002: entry<{ side: string }>({
    title: 'The job may not ask for an id-token',
    meaning: 'OIDC was chosen (tenant and client id without a secret), but GitHub gives this job no id-token.',
    evidence: 'ACTIONS_ID_TOKEN_REQUEST_URL is not set (GitHub: OpenID Connect).',
    message: (v) => `The ${v.side} side signs in with OIDC, but this job has no permission to ask for an id-token.`,
    remedy: (v) =>
      `Add to the job:\n  permissions:\n    id-token: write\nor give ${v.side}-client-secret. Workflows from forks never get an id-token.`,
  }),
  ACRT2003: entry<{ side: string; reason: string }>({
    title: 'No credential for this side',
    meaning:
      'No credential inputs were given and the job holds none (environment, workload identity, managed identity, az login).',
    evidence: 'No credential of the identity library could be used.',
    message: (v) => `Found no credential for the ${v.side} side: ${v.reason}`,
    remedy: (v) =>
      `Give ${v.side}-tenant-id and ${v.side}-client-id (OIDC), or sign in before this step. One az login serves one cloud only.`,
  }),
  ACRT2004: entry<{ endpoint: string; reason: string }>({
    title: 'The cloud could not be discovered',
    meaning: 'A custom cloud is discovered by the metadata endpoint of its ARM endpoint, which did not answer as one.',
    evidence: '/metadata/endpoints of the ARM endpoint.',
    message: (v) => `${v.endpoint} did not describe its cloud: ${v.reason}`,
    remedy: () =>
      'Give the ARM endpoint of the cloud as source-cloud or target-cloud, reachable from this runner:\n  az cloud show --query endpoints.resourceManager\nSet NODE_EXTRA_CA_CERTS when its certificates come from a private CA.',
  }),
  ACRT2005: entry<{ host: string; reason: string }>({
    title: 'A host could not be reached',
    meaning: 'DNS, network or TLS failed before any answer came, also after retries.',
    evidence: 'ECONNREFUSED, ECONNRESET, ETIMEDOUT, EHOSTUNREACH …, or no answer in time.',
    message: (v) => `No connection to ${v.host}: ${v.reason}`,
    remedy: (v) =>
      `Make ${v.host} reachable from this runner (DNS, firewall, proxy), or run this mode on a self-hosted runner of that network. For a certificate error set NODE_EXTRA_CA_CERTS.`,
  }),
  ACRT2006: entry<{ side: string; authority: string; tenant: string; reason: string }>({
    title: 'The tenant or the cloud is another one',
    meaning:
      'Entra knows no such tenant in this cloud, or the tenant knows nothing of the service that the token is for: most often the cloud or the tenant of the other side.',
    evidence: 'AADSTS90002, 900023, 90072, 500011 (Microsoft: Entra error codes).',
    message: (v) => `${v.authority} does not know what the ${v.side} side asks of tenant ${v.tenant}: ${v.reason}`,
    remedy: (v) =>
      `Give the tenant and the cloud that belong together:\n  ${v.side}-tenant-id: ID_OF_THE_TENANT\n  ${v.side}-cloud: azurecloud | azureusgovernment | azurechinacloud`,
  }),
  ACRT2007: entry<{ side: string; authority: string; tenant: string; reason: string }>({
    title: 'The application is not in this tenant',
    meaning: 'The tenant has no application with this client id, no service principal of it, or has disabled it.',
    evidence: 'AADSTS700016, 7000229, 7000112 (Microsoft: Entra error codes).',
    message: (v) => `Tenant ${v.tenant} does not know the application of the ${v.side} side: ${v.reason}`,
    remedy: (v) =>
      `Give the application (client) id of a registration in this tenant, not its object id, as ${v.side}-client-id:\n  az ad app list --display-name NAME --query "[].appId"\nAn application of another tenant needs a service principal here:\n  az ad sp create --id CLIENT_ID`,
  }),
  ACRT2008: entry<{ side: string; authority: string; tenant: string; reason: string }>({
    title: 'The client secret is wrong or has expired',
    meaning: 'Entra knows the application, but not this secret.',
    evidence: 'AADSTS7000215, 7000222 (Microsoft: Entra error codes).',
    message: (v) => `The client secret of the ${v.side} side was refused by tenant ${v.tenant}: ${v.reason}`,
    remedy: (v) =>
      `Store the value of a new secret (not its id) and give it as ${v.side}-client-secret, or use OIDC, which has no secret to expire:\n  az ad app credential reset --id CLIENT_ID`,
  }),
  ACRT2009: entry<{ side: string; authority: string; tenant: string; reason: string }>({
    title: 'No federated credential fits this workflow',
    meaning:
      'Entra compares issuer, subject and audience of the id-token with the federated credentials of the application, letter by letter; one of them differs, or there is none at all.',
    evidence: 'AADSTS70021, 70025, 700211, 700212, 700213, 7002138 (Microsoft: Entra error codes).',
    message: (v) =>
      `No federated credential of the ${v.side} side's application fits the id-token of this job: ${v.reason}`,
    remedy: (v) =>
      `Add one that fits to the letter, or set ${v.side}-audience to the audience that it has:\n  ${federatedCredential(v.reason)}`,
  }),
  ACRT2010: entry<{ side: string; authority: string; tenant: string; reason: string }>({
    title: 'A policy of the tenant stands against the sign-in',
    meaning:
      'Conditional Access, multi-factor authentication or a risk policy blocks this principal or the network that the runner is in, or the tenant does not allow sign-in by id-tokens of GitHub.',
    evidence:
      'AADSTS53003, 530035, 50076, 50079; 700223, 700238, 7002381 for federation (Microsoft: Entra error codes).',
    message: (v) => `A policy of tenant ${v.tenant} blocks the sign-in of the ${v.side} side: ${v.reason}`,
    remedy: () =>
      'Ask whoever runs the tenant to except this workload identity, or run the job on a runner in a network that the policy names. The sign-in log of the tenant shows the policy by the correlation id.',
  }),
  ACRT2011: entry<{ side: string; authority: string; tenant: string; reason: string }>({
    title: 'The id-token was not accepted in time',
    meaning:
      'The id-token is outside of its time, or Entra cannot check its signature: a clock that is wrong, or an issuer that Entra cannot reach (GitHub Enterprise Server).',
    evidence: 'AADSTS700024, 700027, 50013, 50166 (Microsoft: Entra error codes).',
    message: (v) => `The id-token of the ${v.side} side was refused by ${v.authority}: ${v.reason}`,
    remedy: () =>
      'Set the clock of the runner (timedatectl set-ntp true). With GitHub Enterprise Server: let Entra reach https://HOST/_services/token/.well-known/openid-configuration.',
  }),
  ACRT2012: entry<{ host: string; reason: string }>({
    title: 'A host has no address',
    meaning:
      'The name is misspelt, belongs to another cloud, or is known in a private DNS zone only that this runner does not ask.',
    evidence: 'ENOTFOUND, EAI_AGAIN of the name server.',
    message: (v) => `${v.host} has no address here: ${v.reason}`,
    remedy: (v) =>
      `Check the name and the cloud. Behind a private endpoint: run the job on a runner in that network, and link its private DNS zone:\n  nslookup ${v.host}`,
  }),
  ACRT2013: entry<{ host: string; reason: string }>({
    title: 'The certificate of a host is not trusted',
    meaning:
      'Something on the way answers with a certificate of its own (a proxy that inspects TLS), or the cloud has a certificate authority that this runner does not know.',
    evidence: 'CERT_*, UNABLE_TO_*, SELF_SIGNED_*, ERR_TLS_* of Node and OpenSSL.',
    message: (v) => `${v.host} was not trusted: ${v.reason}`,
    remedy: () =>
      'Give the certificate authority to the step; verification itself is never switched off:\n  env:\n    NODE_EXTRA_CA_CERTS: /path/to/ca.pem',
  }),
} as const;
