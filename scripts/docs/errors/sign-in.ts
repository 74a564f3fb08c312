/** ACRT2…: sign-in and network. */
export const SIGN_IN_NOTES = {
  ACRT2001: {
    meaning: 'Entra issued no token for this side. The AADSTS code in the message names the cause.',
    evidence: 'A response of Entra that matches none of the entries below.',
  },
  ACRT2002: {
    meaning:
      'The side signs in with OIDC (tenant ID and client ID without a secret), but GitHub gives this job no id-token.',
    evidence: 'ACTIONS_ID_TOKEN_REQUEST_URL is not set (GitHub: OpenID Connect).',
  },
  ACRT2003: {
    meaning:
      'The step has no credential inputs, and the job has no credential (environment variables, workload identity, managed identity, az login).',
    evidence: 'The identity library found no credential.',
  },
  ACRT2004: {
    meaning:
      'The action discovers a custom cloud through the metadata endpoint of its ARM endpoint. The response of this endpoint is not valid metadata.',
    evidence: '/metadata/endpoints of the ARM endpoint.',
  },
  ACRT2005: {
    meaning: 'DNS, network or TLS failed before a response arrived, also after retries.',
    evidence: 'ECONNREFUSED, ECONNRESET, ETIMEDOUT, EHOSTUNREACH …, or no response in time.',
  },
  ACRT2006: {
    meaning:
      "The tenant doesn't exist in this cloud, or the service that the token is for doesn't exist in the tenant. The usual cause is the tenant or the cloud of the other side.",
    evidence: 'AADSTS90002, 900023, 90072, 500011 (Microsoft: Entra error codes).',
  },
  ACRT2007: {
    meaning:
      'The tenant has no application with this client ID, has no service principal for it, or has disabled the application.',
    evidence: 'AADSTS700016, 7000229, 7000112 (Microsoft: Entra error codes).',
  },
  ACRT2008: {
    meaning: 'The application exists, but Entra rejected the client secret.',
    evidence: 'AADSTS7000215, 7000222 (Microsoft: Entra error codes).',
  },
  ACRT2009: {
    meaning:
      'Issuer, subject and audience of the id-token must be exactly those of a federated credential of the application. One of them differs, or the application has no federated credential.',
    evidence: 'AADSTS70021, 70025, 700211, 700212, 700213, 7002138 (Microsoft: Entra error codes).',
  },
  ACRT2010: {
    meaning:
      "Conditional Access, multi-factor authentication or a risk policy blocks this principal or the network of the runner, or the tenant doesn't allow sign-in with id-tokens of GitHub.",
    evidence:
      'AADSTS53003, 530035, 50076, 50079; 700223, 700238, 7002381 for federation (Microsoft: Entra error codes).',
  },
  ACRT2011: {
    meaning:
      "The id-token isn't valid yet or has expired, or Entra can't verify its signature. The usual causes are a wrong clock and an issuer that Entra can't reach (GitHub Enterprise Server).",
    evidence: 'AADSTS700024, 700027, 50013, 50166 (Microsoft: Entra error codes).',
  },
  ACRT2012: {
    meaning:
      "The name is misspelled, belongs to another cloud, or exists only in a private DNS zone that this runner doesn't use.",
    evidence: 'ENOTFOUND, EAI_AGAIN of the name server.',
  },
  ACRT2013: {
    meaning:
      "A proxy that inspects TLS replaced the certificate of the host, or this runner doesn't trust the certificate authority of the cloud.",
    evidence: 'CERT_*, UNABLE_TO_*, SELF_SIGNED_*, ERR_TLS_* of Node and OpenSSL.',
  },
  ACRT2018: {
    meaning:
      "The response is a page of HTML or asks for a sign-in at a proxy. Azure's services answer requests of the action in JSON or XML, so a proxy, a firewall or a gateway between the runner and the service answered. The response says nothing about identities or permissions.",
    evidence:
      'An error response with content-type text/html, HTTP 407, or an error response of the proxy to CONNECT, also after retries.',
  },
  ACRT2020: {
    meaning:
      'HTTPS_PROXY names a proxy that this runner has no connection to, or its value is not a URL. The service itself was not contacted.',
    evidence: 'ECONNREFUSED, ENOTFOUND, EHOSTUNREACH … of the connection to the proxy, also after retries.',
  },
  ACRT2019: {
    meaning:
      'The service answered with a server error, also after retries. The inputs and permissions of the step are not the cause.',
    evidence: 'HTTP 5xx.',
  },
  ACRT2017: {
    meaning:
      'Tokens are sent only to hosts of the cloud, because a pipeline or a registry that was tampered with could name any host. A custom domain, and a host of another cloud, have no suffix of this cloud.',
    evidence:
      'The suffixes of the cloud: built in for the known clouds (including DNS-zone endpoints, *.zNN.blob.storage.azure.net), from the metadata of a custom cloud.',
  },
} as const;
