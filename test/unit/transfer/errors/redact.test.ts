import { describe, expect, it } from '@jest/globals';
import { redact } from '../../../../src/transfer/errors/redact.ts';
import { transferError } from '../../../../src/transfer/errors/transfer-error.ts';

const SIGNATURE = 'aB3%2Fx%2BzQ9k7Lw%3D%3D';
const RAW = 'aB3/x+zQ9k7Lw==';
const JWT = `eyJ${'a'.repeat(20)}.eyJ${'b'.repeat(20)}.${'c'.repeat(20)}`;

describe('redact', () => {
  it.each([
    { name: 'a SAS in a URL', text: `https://a/c?sv=1&sig=${SIGNATURE}&se=2`, secret: SIGNATURE },
    { name: 'a SAS that is the whole query of a URL', text: `https://a/c?sig=${SIGNATURE}`, secret: SIGNATURE },
    { name: 'a SAS on its own', text: `sv=1&sig=${SIGNATURE}`, secret: SIGNATURE },
    { name: 'a SAS that begins with its signature', text: `sig=${SIGNATURE}&sv=1`, secret: SIGNATURE },
    { name: 'a SAS in brackets', text: `the SAS (sig=${SIGNATURE}&sv=1) is refused`, secret: 'aB3%2Fx' },
    { name: 'an unencoded SAS', text: `?sv=1&sig=${RAW}&se=2`, secret: 'zQ9k7Lw' },
    { name: 'a SAS in HTML', text: `?sv=1&amp;sig=${SIGNATURE}`, secret: SIGNATURE },
    { name: 'a SAS in capitals', text: `?SV=1&SIG=${SIGNATURE}`, secret: SIGNATURE },
    {
      name: 'a SAS in a list of settings',
      text: `BlobEndpoint=https://a;SharedAccessSignature=sv=1&sig=${RAW}`,
      secret: RAW,
    },
    {
      name: 'a SAS inside another URL',
      text: `?u=https%3A%2F%2Fa%3Fsv%3D1%26sig%3DaB3%252Fx%26se%3D2`,
      secret: 'aB3%252Fx',
    },
    { name: 'a SAS at the end of another URL', text: `?u=https%3A%2F%2Fa%3Fsig%3DaB3%252Fx`, secret: 'aB3%252Fx' },
    { name: 'a web token', text: `the token ${JWT} was refused`, secret: 'bbbb' },
    { name: 'a web token without signature', text: `eyJ${'a'.repeat(20)}.eyJ${'b'.repeat(20)}.`, secret: 'bbbb' },
    { name: 'a bearer token', text: 'Authorization: Bearer abcDEF123456~._+/=789', secret: 'abcDEF123456' },
    { name: 'a basic credential', text: 'authorization: basic dXNlcjpwYXNzd29yZA==', secret: 'dXNlcjpwYXNz' },
    { name: 'a client secret in a form', text: 'grant_type=x&client_secret=s3cr3t~Q.x&scope=y', secret: 's3cr3t' },
    { name: 'an assertion in a form', text: 'client_assertion=opaque.assertion', secret: 'opaque' },
    { name: 'a refresh token in a form', text: 'refresh_token=0.AXoA-opaque', secret: 'AXoA' },
    {
      name: 'a token in JSON',
      text: '{"access_token":"opaque-token-1","token_type":"Bearer"}',
      secret: 'opaque-token-1',
    },
    { name: 'a secret in JSON', text: '{ "client_secret": "s3cr3t~Q.x" }', secret: 's3cr3t' },
    { name: 'an account key', text: 'AccountName=a;AccountKey=Eby8vdM02xNO/cqF==;EndpointSuffix=b', secret: 'Eby8vd' },
    { name: 'two signatures', text: `?sig=first1 and ?sig=second2`, secret: 'second2' },
  ])('redacts $name', ({ text, secret }) => {
    expect(text).toContain(secret);
    expect(redact(text)).not.toContain(secret);
    expect(redact(text)).toContain('***');
  });

  it('keeps the other parts of a URL', () => {
    const text = `GET https://a.blob.core.windows.net/c/b.tar?sv=2025-01-05&se=2026-01-01&sp=rl&sig=${SIGNATURE} failed`;

    expect(redact(text)).toBe(
      'GET https://a.blob.core.windows.net/c/b.tar?sv=2025-01-05&se=2026-01-01&sp=rl&sig=*** failed',
    );
  });

  it.each([
    'team/api@sha256:0a2e000000000000000000000000000000000000000000000000000000000000 is not in x.azurecr.io.',
    'AADSTS700016: Application with identifier 00000000-0000-4000-8000-000000000001 was not found.',
    'design=1&assign=2: nothing secret about it',
    'Basic and Premium registries',
  ])('keeps text without a secret: %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('is idempotent', () => {
    const once = redact(`Bearer ${JWT} ?sig=${SIGNATURE}`);

    expect(redact(once)).toBe(once);
  });

  it('applies to the message and the facts of every error', () => {
    const { facts, message } = transferError('ACRT3006', { side: 'source', container: `https://a/c?sig=${SIGNATURE}` });

    expect(JSON.stringify([facts, message])).not.toContain(SIGNATURE);
  });
});
