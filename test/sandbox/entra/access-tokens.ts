import { randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, decodeJwt, errors, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import type { JSONWebKeySet, JWTPayload } from 'jose';
import type { Principal } from '../contracts.ts';
import { sameAudience } from './directory.ts';

/** The claims of a verified token. */
export type Verdict =
  | { readonly holds: true; readonly principal: Principal }
  | {
      readonly holds: false;
      readonly reason: 'malformed' | 'issuer' | 'signature' | 'audience' | 'expired';
      readonly claims: JWTPayload;
    };

/** A token and its lifetime. */
export interface IssuedToken {
  readonly token: string;
  readonly lifetimeSeconds: number;
}

/** The tenant's access tokens. */
export interface AccessTokens {
  readonly keys: JSONWebKeySet;
  readonly issuer: string;
  readonly issue: (principal: Principal, audience: string) => Promise<IssuedToken>;
  readonly inspect: (token: string, audiences: readonly string[]) => Promise<Verdict>;
}

const ALGORITHM = 'RS256';

function claimsOf(token: string): JWTPayload | null {
  try {
    return decodeJwt(token);
  } catch {
    return null;
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * Creates the tenant's signing key and its tokens. They are version 1 tokens (issuer `https://sts.windows.net/TENANT/`), as
 * Azure's own resources request them. An expired token is rejected at once. The services allow a clock skew of five minutes.
 * @param lifetimeSeconds read for each token
 */
export async function createAccessTokens(tenantId: string, lifetimeSeconds: () => number): Promise<AccessTokens> {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  const issuer = `https://sts.windows.net/${tenantId}/`;

  return {
    issuer,
    keys: { keys: [{ ...jwk, kid, use: 'sig', alg: ALGORITHM }] },
    issue: async ({ objectId, clientId }, audience) => {
      const [lifetime, now] = [lifetimeSeconds(), Math.floor(Date.now() / 1000)];
      const token = await new SignJWT({
        appid: clientId,
        appidacr: '1',
        idp: issuer,
        idtyp: 'app',
        oid: objectId,
        tid: tenantId,
        uti: randomUUID(),
        ver: '1.0',
      })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', kid, x5t: kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(objectId)
        .setIssuedAt(now)
        .setNotBefore(now)
        .setExpirationTime(now + lifetime)
        .sign(privateKey);
      return { token, lifetimeSeconds: lifetime };
    },
    inspect: async (token, audiences) => {
      const claims = claimsOf(token);
      if (!claims) return { holds: false, reason: 'malformed', claims: {} };
      if (claims.iss !== issuer) return { holds: false, reason: 'issuer', claims };
      try {
        await jwtVerify(token, publicKey, { algorithms: [ALGORITHM] });
      } catch (error) {
        return { holds: false, reason: error instanceof errors.JWTExpired ? 'expired' : 'signature', claims };
      }
      const forUs = [claims.aud ?? []].flat().some((aud) => audiences.some((audience) => sameAudience(aud, audience)));
      if (!forUs) return { holds: false, reason: 'audience', claims };
      return { holds: true, principal: { objectId: text(claims.oid), clientId: text(claims['appid']) } };
    },
  };
}
