import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { signInFailureId } from '../../../../src/transfer/diagnosis/aadsts.ts';
import { armFailureId } from '../../../../src/transfer/diagnosis/arm-code.ts';
import { networkFailureId } from '../../../../src/transfer/diagnosis/network-code.ts';
import { runFailureId } from '../../../../src/transfer/diagnosis/run-message.ts';
import { storageFailureId } from '../../../../src/transfer/diagnosis/storage-code.ts';

const STORAGE_SDK = (status: number, code: string): string =>
  `Failed to copy.\r\nService request failed.\r\nStatus: ${status} (x)\r\nErrorCode: ${code}\r\n\r\nHeaders:\r\nDate: x`;

describe('the message of a failed run', () => {
  it.each([
    // The one text that is public: Azure/azure-cli-extensions#8706.
    [
      'Failed to access storage.\r\nService request failed.\r\nStatus: 403 (This request is not authorized to perform this operation)',
      'ACRT4002',
    ],
    [STORAGE_SDK(403, 'AuthorizationPermissionMismatch'), 'ACRT4002'],
    ['Access to Key Vault failed: 403 Forbidden', 'ACRT4011'],
    ['A secret with (name/id) sas was not found in this key vault. SecretNotFound', 'ACRT4011'],
    [STORAGE_SDK(403, 'AuthenticationFailed'), 'ACRT4012'],
    ['Signature not valid in the specified time frame', 'ACRT4012'],
    [STORAGE_SDK(404, 'ContainerNotFound'), 'ACRT4013'],
    [STORAGE_SDK(404, 'BlobNotFound'), 'ACRT4014'],
    [STORAGE_SDK(409, 'BlobAlreadyExists'), 'ACRT4015'],
    ['manifest tagged by "v1" is not found: MANIFEST_UNKNOWN', 'ACRT4016'],
    ['The tag already exists and OverwriteTags is not set', 'ACRT4017'],
    ['The operation is disallowed on this registry, repository or image: v1 is locked', 'ACRT4017'],
    [STORAGE_SDK(503, 'ServerBusy'), 'ACRT4018'],
    ['Response status code does not indicate success: 429 (Too Many Requests)', 'ACRT4018'],
    ['Failed to access storage. Status: 500', 'ACRT4001'],
    ['something that nobody has seen', 'ACRT4001'],
    ['', 'ACRT4001'],
  ])('%j is %s', (message, id) => {
    expect(runFailureId(message)).toBe(id);
  });
});

describe('a refusal of Entra', () => {
  it.each([
    ['90002', 'ACRT2006'],
    ['500011', 'ACRT2006'],
    ['700016', 'ACRT2007'],
    ['7000215', 'ACRT2008'],
    ['7000222', 'ACRT2008'],
    ['70021', 'ACRT2009'],
    ['700212', 'ACRT2009'],
    ['700213', 'ACRT2009'],
    ['53003', 'ACRT2010'],
    ['50076', 'ACRT2010'],
    ['700024', 'ACRT2011'],
    ['50013', 'ACRT2011'],
    ['999999', 'ACRT2001'],
    // No code may be taken for the beginning of a longer one.
    ['7000', 'ACRT2001'],
    ['7002130', 'ACRT2001'],
  ])('AADSTS%s is %s', (code, id) => {
    expect(signInFailureId(`invalid_client: 400 - AADSTS${code}: words. Trace ID: x`)).toBe(id);
  });
});

describe('a tenant without endpoints', () => {
  it('is one that the authority does not know', () => {
    expect(signInFailureId('endpoints_resolution_error: See https://aka.ms/msal.js.errors')).toBe('ACRT2006');
  });
});

describe('a refusal of ARM', () => {
  it.each([
    ['ScopeLocked: The scope cannot perform write operation', 'ACRT3036'],
    ['RequestDisallowedByPolicy: Resource was disallowed by policy', 'ACRT3037'],
    ['SubscriptionNotFound: The subscription could not be found', 'ACRT3038'],
    ['InvalidAuthenticationTokenTenant: The access token is from the wrong issuer', 'ACRT3038'],
    ['MissingSubscriptionRegistration: The subscription is not registered', 'ACRT3039'],
    ['NoRegisteredProviderFound: No registered resource provider', 'ACRT3039'],
  ])('%s is %s', (reason, id) => {
    expect([armFailureId(reason, true), armFailureId(reason, false)]).toEqual([id, id]);
  });

  it('of another kind is one of rights, or an error', () => {
    expect([armFailureId('AuthorizationFailed: x', true), armFailureId('Teapot: x', false)]).toEqual([
      'ACRT3002',
      'ACRT3009',
    ]);
  });
});

describe('what nobody is friend of', () => {
  it('is read in time, and never throws', () => {
    const pieces = ['Failed to access storage', '403', 'AADSTS', 'key vault', 'Scope', '\r\n', ' ', "'", '('];
    const text = fc
      .array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 300 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.boolean(), (reason, refused) => {
        const ids = [
          runFailureId(reason.repeat(20)),
          signInFailureId(reason.repeat(20)),
          armFailureId(reason, refused),
          storageFailureId(reason) ?? 'ACRT5005',
          networkFailureId(reason),
        ];

        return ids.every((id) => /^ACRT\d{4}$/.test(id));
      }),
    );
  });
});
