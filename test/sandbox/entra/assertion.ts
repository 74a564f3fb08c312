import { createRemoteJWKSet, customFetch, decodeJwt, errors as jose, jwtVerify } from 'jose';
import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import { send } from '../request.ts';
import type { FederatedCredential } from './directory.ts';
import type { AssertionErrors } from './errors.ts';

const list = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

/** Keys of issuers, found as the directory does: by the issuer's openid-configuration. */
type KeysOf = (credential: FederatedCredential) => Promise<JWTVerifyGetKey>;

async function discoverKeys({ issuer, issuerCa }: FederatedCredential): Promise<JWTVerifyGetKey> {
  const answer = await send(`${issuer}/.well-known/openid-configuration`, { ca: issuerCa });
  const { jwks_uri: uri } = JSON.parse(answer.body) as { jwks_uri: string };
  return createRemoteJWKSet(new URL(uri), {
    [customFetch]: async (url: string) => {
      const { status, body } = await send(url, { ca: issuerCa });
      return new Response(body, { status });
    },
  });
}

/** Caches the keys of each issuer. */
export function issuerKeys(): KeysOf {
  const known = new Map<string, JWTVerifyGetKey>();
  return async (credential) => {
    const keys = known.get(credential.issuer) ?? (await discoverKeys(credential));
    known.set(credential.issuer, keys);
    return keys;
  };
}

/** The credential of the application that matches issuer, subject and audience of the assertion, case-sensitively. */
function match(
  claims: JWTPayload,
  credentials: readonly FederatedCredential[],
  errors: AssertionErrors,
): FederatedCredential {
  const { iss = '', sub = '' } = claims;
  const audiences = list(claims.aud);
  const ofIssuer = credentials.filter(({ issuer }) => issuer === iss);
  if (ofIssuer.length === 0) throw errors.issuerMismatch(iss);
  const ofSubject = ofIssuer.filter(({ subject }) => subject === sub);
  if (ofSubject.length === 0) {
    const onlyCase = ofIssuer.some(({ subject }) => subject.toLowerCase() === sub.toLowerCase());
    throw onlyCase ? errors.subjectCaseMismatch(sub) : errors.subjectMismatch(sub);
  }
  const found = ofSubject.find(({ audience }) => audiences.includes(audience));
  if (!found) throw errors.audienceMismatch(audiences.join(' '));
  return found;
}

function decode(assertion: string, errors: AssertionErrors): JWTPayload {
  try {
    return decodeJwt(assertion);
  } catch {
    throw errors.malformedAssertion();
  }
}

/**
 * Verifies a federated client assertion: issuer, subject and audience by the application's credentials, the signature by the
 * issuer's keys, and its time. Throws the directory's refusal.
 */
export async function verifyAssertion(
  assertion: string,
  credentials: readonly FederatedCredential[],
  keysOf: KeysOf,
  errors: AssertionErrors,
): Promise<void> {
  const claims = decode(assertion, errors);
  const credential = match(claims, credentials, errors);
  const keys = await keysOf(credential).catch(() => {
    throw errors.issuerUnreachable();
  });
  try {
    await jwtVerify(assertion, keys, { requiredClaims: ['exp'] });
  } catch (error) {
    const late =
      error instanceof jose.JWTExpired || (error instanceof jose.JWTClaimValidationFailed && error.claim === 'nbf');
    if (!late) throw errors.badSignature();
    const { nbf = 0, exp = 0 } = claims;
    throw errors.assertionTime(new Date(nbf * 1000), new Date(exp * 1000));
  }
}
