import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CATALOG } from '../../../../src/transfer/errors/catalog.ts';
import { claimsIn } from '../../../../src/transfer/errors/catalog-entry.ts';
import {
  classifyArm,
  classifyNetwork,
  classifyOutage,
  classifyRegistry,
  classifyRun,
  classifySignIn,
  classifyStorage,
  isNotFound,
} from '../../../../src/transfer/errors/classify.ts';
import { transferError } from '../../../../src/transfer/errors/transfer-error.ts';

const STORAGE_SDK = (status: number, code: string): string =>
  `Failed to copy.\r\nService request failed.\r\nStatus: ${status} (x)\r\nErrorCode: ${code}\r\n\r\nHeaders:\r\nDate: x`;

describe('the message of a failed run', () => {
  it.each([
    // The only published text: Azure/azure-cli-extensions#8706.
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
    // The encryption key of the account, not the secret of the pipeline.
    [STORAGE_SDK(403, 'KeyVaultEncryptionKeyNotFound'), 'ACRT4022'],
    [STORAGE_SDK(403, 'KeyBasedAuthenticationNotPermitted'), 'ACRT4019'],
    [STORAGE_SDK(403, 'AuthorizationResourceTypeMismatch'), 'ACRT4012'],
    [STORAGE_SDK(403, 'AuthorizationFailure'), 'ACRT4002'],
    ['REGISTRY_DISALLOWED_OPERATION: The operation is disallowed on this registry, repository or image.', 'ACRT4020'],
    ['SIZE_INVALID: provided length did not match content length', 'ACRT4021'],
    // A number that isn't a status.
    ['Something else\r\nContent-Length: 429', 'ACRT4001'],
    [STORAGE_SDK(503, 'ServerBusy'), 'ACRT4018'],
    ['Response status code does not indicate success: 429 (Too Many Requests)', 'ACRT4018'],
    ['Failed to access storage. Status: 500', 'ACRT4001'],
    ['an unknown text', 'ACRT4001'],
    ['', 'ACRT4001'],
  ])('%j is %s', (message, id) => {
    expect(classifyRun(message)).toBe(id);
  });
});

describe('a refusal of Entra', () => {
  it.each([
    ['90002', 'ACRT2006'],
    ['500011', 'ACRT2006'],
    ['700016', 'ACRT2007'],
    ['7000215', 'ACRT2008'],
    ['7000222', 'ACRT2008'],
    ['7000229', 'ACRT2007'],
    ['70021', 'ACRT2009'],
    ['70025', 'ACRT2009'],
    ['7002138', 'ACRT2009'],
    ['700223', 'ACRT2010'],
    ['7002381', 'ACRT2010'],
    ['50166', 'ACRT2011'],
    ['700212', 'ACRT2009'],
    ['700213', 'ACRT2009'],
    ['53003', 'ACRT2010'],
    ['50076', 'ACRT2010'],
    ['700024', 'ACRT2011'],
    ['50013', 'ACRT2011'],
    ['999999', 'ACRT2001'],
    // A code doesn't match a longer code that starts with it.
    ['7000', 'ACRT2001'],
    ['7002130', 'ACRT2001'],
  ])('AADSTS%s is %s', (code, id) => {
    expect(classifySignIn(`invalid_client: 400 - AADSTS${code}: words. Trace ID: x`)).toBe(id);
  });
});

describe('a tenant without endpoints', () => {
  it('is ACRT2006', () => {
    expect(classifySignIn('endpoints_resolution_error: See https://aka.ms/msal.js.errors')).toBe('ACRT2006');
  });
});

describe('the claims in a message of Entra', () => {
  const remedyFor = (reason: string): string =>
    transferError('ACRT2009', { side: 'target', authority: 'https://login.example', tenant: 't', reason }).facts.remedy;

  it('are in the command of the remedy', () => {
    const reason =
      "AADSTS70021: No matching federated identity record found for presented assertion. Assertion Issuer: 'https://ghe.example/_services/token'. Assertion Subject: 'repo:contoso/app:environment:prod'. Assertion Audience: 'api://AzureADTokenExchangeUSGov'.";

    expect(remedyFor(reason)).toContain(
      `--parameters '{"name":"github","issuer":"https://ghe.example/_services/token","subject":"repo:contoso/app:environment:prod","audiences":["api://AzureADTokenExchangeUSGov"]}'`,
    );
  });

  it('are placeholders if Entra does not repeat them', () => {
    expect(claimsIn("AADSTS700213: … for presented assertion subject 'repo:contoso/app:ref:refs/heads/main'.")).toEqual(
      {
        issuer: 'https://token.actions.githubusercontent.com',
        subject: 'repo:contoso/app:ref:refs/heads/main',
        audience: 'AUDIENCE',
      },
    );
  });

  it.each(['$(reboot)', '`reboot`', 'a b', '"}', '\n', 'x'.repeat(301)])(
    'are not part of a command for the subject %j',
    (subject) => {
      expect(claimsIn(`presented assertion subject '${subject}'`).subject).toBe('SUBJECT');
    },
  );
});

describe('a refusal of ARM', () => {
  it.each([
    ['ScopeLocked: The scope cannot perform write operation', 'ACRT3036'],
    ['RequestDisallowedByPolicy: Resource was disallowed by policy', 'ACRT3037'],
    ['SubscriptionNotFound: The subscription could not be found', 'ACRT3038'],
    ['InvalidAuthenticationTokenTenant: The access token is from the wrong issuer', 'ACRT3038'],
    ['MissingSubscriptionRegistration: The subscription is not registered', 'ACRT3039'],
    ['NoRegisteredProviderFound: No registered resource provider', 'ACRT3039'],
    ['InvalidResourceType: The resource type could not be found', 'ACRT3039'],
    ['TooManyRequests: The request is being throttled', 'ACRT3040'],
    ['SubscriptionRequestsThrottled: Number of requests exceeded the limit', 'ACRT3040'],
    [
      "BadRequest: Enabling public network access is not supported because the registry 'X' has exports disabled.",
      'ACRT3041',
    ],
  ])('%s is %s', (reason, id) => {
    expect([classifyArm(reason, true), classifyArm(reason, false)]).toEqual([id, id]);
  });

  it('of another kind is ACRT3002 for a refusal, otherwise ACRT3009', () => {
    expect([classifyArm('AuthorizationFailed: x', true), classifyArm('Teapot: x', false)]).toEqual([
      'ACRT3002',
      'ACRT3009',
    ]);
  });
});

describe('C11: a 404 of ARM', () => {
  it.each([
    { name: 'of the resource', reason: "ResourceNotFound: The Resource 'x' was not found", absent: true },
    {
      name: 'of the resource group',
      reason: 'ResourceGroupNotFound: Resource group x could not be found',
      absent: true,
    },
    { name: 'without a reason', reason: null, absent: true },
    { name: 'of the subscription', reason: 'SubscriptionNotFound: The subscription could not be found', absent: false },
    { name: 'of the type', reason: 'InvalidResourceType: The resource type could not be found', absent: false },
  ])('$name: absent is $absent', ({ reason, absent }) => {
    expect(isNotFound(404, reason)).toBe(absent);
  });

  it('differs from other statuses', () => {
    expect(isNotFound(403, null)).toBe(false);
  });
});

describe('a refusal of a registry', () => {
  it.each([
    [
      "HTTP 403 DENIED: client with IP '20.1.2.3' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.",
      'ACRT6005',
    ],
    ['HTTP 429 TOOMANYREQUESTS: too many requests', 'ACRT6006'],
    ['HTTP 401 UNAUTHORIZED: authentication required', 'ACRT6004'],
  ])('%s is %s', (reason, id) => {
    expect(classifyRegistry(reason)).toBe(id);
  });
});

describe('an arbitrary text', () => {
  it('has an ID', () => {
    const pieces = ['Failed to access storage', '403', 'AADSTS', 'key vault', 'Scope', '\r\n', ' ', "'", '('];
    const text = fc
      .array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 300 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.boolean(), (reason, refused) => {
        const ids = [
          classifyRun(reason.repeat(20)),
          classifySignIn(reason.repeat(20)),
          classifyArm(reason, refused),
          classifyStorage(reason) ?? 'ACRT5005',
          classifyNetwork(reason),
          classifyRegistry(reason),
        ];

        return ids.every((id) => /^ACRT\d{4}$/.test(id));
      }),
    );
  });
});

describe('D2: classifyOutage', () => {
  const json = 'application/json; charset=utf-8';
  const html = 'text/html; charset=utf-8';

  it.each([
    { name: 'the page of a proxy', response: { status: 403, contentType: html, body: null }, id: 'ACRT2018' },
    {
      name: 'a page without a type',
      response: { status: 502, contentType: null, body: ' <!DOCTYPE html>' },
      id: 'ACRT2018',
    },
    { name: 'a proxy that wants a sign-in', response: { status: 407, contentType: null, body: '' }, id: 'ACRT2018' },
    { name: 'the 404 of a gateway', response: { status: 404, contentType: html, body: '<html>' }, id: 'ACRT2018' },
    { name: 'a server error', response: { status: 503, contentType: json, body: '{}' }, id: 'ACRT2019' },
    { name: 'a server error without a body', response: { status: 500, contentType: null, body: null }, id: 'ACRT2019' },
    { name: 'a denial in JSON', response: { status: 403, contentType: json, body: '{}' }, id: null },
    {
      name: 'a denial in XML',
      response: { status: 403, contentType: 'application/xml', body: '<?xml?><Error>' },
      id: null,
    },
    { name: 'a request that is not supported', response: { status: 501, contentType: json, body: '{}' }, id: null },
    { name: 'a page of a bad request', response: { status: 400, contentType: html, body: '<html>' }, id: 'ACRT2018' },
    { name: 'a page of a redirect', response: { status: 399, contentType: html, body: '<html>' }, id: null },
    { name: 'a page that is no error', response: { status: 200, contentType: html, body: '<html>' }, id: null },
  ])('$name is $id', ({ response, id }) => {
    expect(classifyOutage(response)).toBe(id);
  });
});

describe('D2: no remedy', () => {
  it('tells to switch the verification off', () => {
    const texts = Object.values(CATALOG).map(({ remedy }) => remedy(new Proxy({}, { get: () => 'VALUE' }) as never));
    expect(texts.filter((text) => /verify|verification/i.test(text) && /false|off|disable|skip/i.test(text))).toEqual([
      expect.stringContaining("The action can't disable certificate verification"),
    ]);
  });
});
