import { describe, expect, it } from '@jest/globals';
import { identityOf } from '../../../../src/azure/identity/token-identity.ts';

const [CLIENT, OBJECT, TENANT] = [1, 2, 3].map((n) => `${n}1111111-1111-4111-8111-111111111111`);
const tokenOf = (claims: unknown): string => `e.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;

describe('A8: the identity in a token', () => {
  it.each(['appid', 'azp'])('has its IDs, the client by the claim %s', (claim) => {
    const token = tokenOf({ [claim]: CLIENT, oid: OBJECT, tid: TENANT, upn: 'ada@contoso.com' });
    expect(identityOf(token)).toEqual({ clientId: CLIENT, objectId: OBJECT, tenantId: TENANT });
  });

  it.each([
    '',
    'opaque',
    'a.b.c',
    tokenOf(null),
    tokenOf([]),
    tokenOf({ appid: 7, oid: '::error::x', tid: `${TENANT}\n` }),
  ])('is unknown in %j', (token) => {
    expect(identityOf(token)).toEqual({ clientId: null, objectId: null, tenantId: null });
  });
});
