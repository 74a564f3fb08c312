import { randomBytes, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { RunningService } from './contracts.ts';
import { HttpAnswer, listen, sendJson } from './http.ts';
import type { Route } from './http.ts';
import { claimsOf, DEFAULT_JOB, ownerOf, subjectOf, tokenJobOf } from './id-token-claims.ts';
import type { TokenJob } from './id-token-claims.ts';
import type { CertificateAuthority } from './tls.ts';

/** The id-token service of one runner, and its issuer. */
export interface IdTokenService extends RunningService {
  readonly issuer: string;
  /**
   * ACTIONS_ID_TOKEN_REQUEST_URL of the default job. `requestUrlOf` is for other jobs. It already has a query: clients append
   * `&audience=…`.
   */
  readonly requestUrl: string;
  /** ACTIONS_ID_TOKEN_REQUEST_TOKEN. */
  readonly requestToken: string;
  /** The `sub` claim of tokens for a job. */
  readonly subject: string;
}

const ALGORITHM = 'RS256';
/** GitHub's id-tokens are valid for five minutes. Their nbf is ten minutes in the past, so that clocks can be behind. */
const LIFETIME_SECONDS = 300;

/**
 * Starts the id-token service of a runner with `id-token: write`, and the discovery documents of the issuer.
 * @param authority signs the server's certificate
 */
export async function startIdTokenService(authority: CertificateAuthority): Promise<IdTokenService> {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  const requestToken = randomBytes(24).toString('base64url');
  const routes: Route[] = [];
  const { origin: issuer, close } = await listen(await authority.issueServer('id-token issuer'), routes);

  const issue = (job: TokenJob, audience: string | null): Promise<string> =>
    new SignJWT({ ...claimsOf(job), jti: randomUUID() })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', kid })
      .setIssuer(issuer)
      .setAudience(audience ?? `https://github.com/${ownerOf(job)}`)
      .setIssuedAt()
      .setNotBefore('-10 minutes')
      .setExpirationTime(`${LIFETIME_SECONDS} seconds`)
      .sign(privateKey);

  const requestPath = `/${randomUUID()}/_apis/distributedtask/hubs/Actions/plans/${randomUUID()}/jobs/${randomUUID()}/idtoken`;
  const publish = (path: string, document: unknown): Route => ({
    method: 'GET',
    pattern: new RegExp(`^${path}$`),
    handle: ({ response }) => {
      sendJson(response, 200, document);
    },
  });
  routes.push(
    publish('/\\.well-known/openid-configuration', {
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks`,
      subject_types_supported: ['public', 'pairwise'],
      response_types_supported: ['id_token'],
      claims_supported: ['aud', 'exp', 'iat', 'iss', 'jti', 'nbf', ...Object.keys(claimsOf(DEFAULT_JOB))],
      id_token_signing_alg_values_supported: [ALGORITHM],
      scopes_supported: ['openid'],
    }),
    publish('/\\.well-known/jwks', { keys: [{ ...jwk, kid, use: 'sig', alg: ALGORITHM }] }),
    {
      method: 'GET',
      pattern: new RegExp(`^${requestPath}$`),
      handle: async ({ request, response, url }) => {
        if (request.headers.authorization !== `Bearer ${requestToken}`) {
          throw new HttpAnswer(401, { message: 'The request token is missing or wrong.' });
        }
        sendJson(response, 200, { value: await issue(tokenJobOf(url.searchParams), url.searchParams.get('audience')) });
      },
    },
  );
  return {
    origin: issuer,
    close,
    issuer,
    requestUrl: `${issuer}${requestPath}?api-version=2.0`,
    requestToken,
    subject: subjectOf(DEFAULT_JOB),
  };
}
