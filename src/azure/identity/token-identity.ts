/** Reads the claims of tokens, unverified. */
import type { SignedInIdentity } from '../../transfer/model/side.ts';

/** IDs are GUIDs. Nothing else of a token is shown. */
const ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

const idIn = (claims: Readonly<Record<string, unknown>>, ...names: readonly string[]): string | null => {
  const found = names.map((name) => claims[name]).find((value) => typeof value === 'string' && ID.test(value));
  return typeof found === 'string' ? found : null;
};

/** The claims of a JWT, unverified; empty for any other token. */
export function claimsOf(token: string): Readonly<Record<string, unknown>> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/**
 * Reads client, object and tenant ID from the claims of a token, unverified, for people to read. The claim of the client is
 * `appid` in version 1 and `azp` in version 2 (Microsoft: "Access token claims reference").
 */
export function identityOf(token: string): SignedInIdentity {
  const claims = claimsOf(token);
  return {
    clientId: idIn(claims, 'appid', 'azp'),
    objectId: idIn(claims, 'oid'),
    tenantId: idIn(claims, 'tid'),
  };
}
