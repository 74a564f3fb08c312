import type { IncomingMessage } from 'node:http';
import type { Principal } from '../contracts.ts';
import { HttpAnswer } from '../http.ts';
import type { AccessTokens, Verdict } from './access-tokens.ts';

/** Names in the texts of refusals. */
interface Place {
  /** `https://127.0.0.1:PORT/TENANT` */
  readonly authority: string;
  readonly issuer: string;
  readonly audiences: readonly string[];
}

const oneLine = (text: string): string => text.replaceAll('"', "'").replace(/[^\x20-\x7e]/g, ' ');

/** 401 with Azure Resource Manager's challenge. Its description is shorter than the message (recorded). */
function refusal(code: string, message: string, place: Place, description = message): HttpAnswer {
  const problem = `error="invalid_token", error_description="${oneLine(description)}"`;
  return new HttpAnswer(
    401,
    { error: { code, message } },
    {
      'www-authenticate': `Bearer authorization_uri="${place.authority}", ${problem}`,
      'x-ms-failure-cause': 'gateway',
    },
  );
}

/** `8/17/2020 3:46:33 AM`, as recorded. */
const shown = (time: Date): string =>
  time.toLocaleString('en-US', { timeZone: 'UTC' }).replace(',', '').replace('\u202f', ' ');

/** Codes and texts of Azure Resource Manager, from public issues. Assumed: 'The access token is invalid.' for a bad signature. */
function explain({ reason, claims }: Extract<Verdict, { holds: false }>, place: Place): HttpAnswer {
  switch (reason) {
    case 'issuer':
      return refusal(
        'InvalidAuthenticationTokenTenant',
        `The access token is from the wrong issuer '${claims.iss ?? ''}'. It must match the tenant '${place.issuer}' associated with this subscription. Please use the authority (URL) '${place.authority}' to get the token. Note, if the subscription is transferred to another tenant there is no impact to the services, but information about new tenant could take time to propagate (up to an hour). If you just transferred your subscription and see this error message, please try back later.`,
        place,
      );
    case 'audience':
      return refusal(
        'InvalidAuthenticationTokenAudience',
        `The access token has been obtained for wrong audience or resource '${String(claims.aud)}'. It should exactly match with one of the allowed audiences ${place.audiences.map((audience) => `'${audience}'`).join(',')}.`,
        place,
      );
    case 'expired':
      return refusal(
        'ExpiredAuthenticationToken',
        `The access token expiry UTC time '${shown(new Date((claims.exp ?? 0) * 1000))}' is earlier than current UTC time '${shown(new Date())}'.`,
        place,
        'The access token has expired.',
      );
    case 'malformed':
    case 'signature':
      return refusal('InvalidAuthenticationToken', 'The access token is invalid.', place);
  }
}

/** The token in a request's Authorization header; null without one. */
export function bearerToken(request: IncomingMessage): string | null {
  return /^Bearer (?<token>.+)$/i.exec(request.headers.authorization ?? '')?.groups?.['token'] ?? null;
}

/** Verifies the bearer token of a request. Throws the refusal of Azure Resource Manager. */
export async function verifyBearer(
  request: IncomingMessage,
  audiences: readonly string[],
  tokens: AccessTokens,
  authority: string,
): Promise<Principal> {
  const place = { authority, issuer: tokens.issuer, audiences };
  const token = bearerToken(request);
  if (token === null) {
    throw refusal(
      'AuthenticationFailed',
      `Authentication failed. The 'Authorization' header is missing.`,
      place,
      `The authentication failed because of missing 'Authorization' header.`,
    );
  }
  const verdict = await tokens.inspect(token, audiences);
  if (!verdict.holds) throw explain(verdict, place);
  return verdict.principal;
}
