import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readSas } from '../../../../src/transfer/model/sas.ts';

describe('readSas', () => {
  it.each([
    {
      name: 'a container SAS',
      text: 'sv=2025-11-05&sr=c&sp=rl&st=2026-01-01T00:00:00Z&se=2026-02-01T00%3A00%3A00Z&spr=https&sig=x',
      expected: {
        permissions: 'rl',
        scope: 'container',
        startsAt: Date.UTC(2026, 0, 1),
        expiresAt: Date.UTC(2026, 1, 1),
        allowsHttp: false,
        byPolicy: false,
      },
    },
    {
      name: 'one with a question mark',
      text: '?sr=c&sp=r&sig=x',
      expected: { scope: 'container', permissions: 'r' },
    },
    { name: 'one at the end of a URL', text: 'https://a/c?sr=c&sp=r&sig=x', expected: { scope: 'container' } },
    { name: 'one of a blob', text: 'sr=b&sp=r&sig=x', expected: { scope: 'blob' } },
    { name: 'one of a snapshot', text: 'sr=bs&sp=r&sig=x', expected: { scope: 'blob' } },
    { name: 'one of a version', text: 'sr=bv&sp=r&sig=x', expected: { scope: 'blob' } },
    { name: 'one of a directory', text: 'sr=d&sp=r&sig=x', expected: { scope: 'unknown' } },
    { name: 'one of an account', text: 'ss=b&srt=sco&sp=r&sig=x', expected: { scope: 'container' } },
    {
      name: 'one of an account without objects',
      text: 'ss=b&srt=sc&sig=x',
      expected: { scope: 'account-without-objects' },
    },
    { name: 'one of an account for files', text: 'ss=f&srt=sco&sig=x', expected: { scope: 'account-without-objects' } },
    { name: 'one that allows HTTP', text: 'sr=c&spr=https,http&sig=x', expected: { allowsHttp: true } },
    { name: 'one without a protocol', text: 'sr=c&sig=x', expected: { allowsHttp: true, expiresAt: null } },
    {
      name: 'one with a stored access policy',
      text: 'sr=c&si=nightly&sig=x',
      expected: { byPolicy: true, permissions: '' },
    },
    {
      name: 'one with a date as its expiry',
      text: 'sr=c&se=2026-02-01&sig=x',
      expected: { expiresAt: Date.UTC(2026, 1, 1) },
    },
    { name: 'one with an invalid expiry', text: 'sr=c&se=soon&sig=x', expected: { expiresAt: null } },
  ])('parses $name', ({ text, expected }) => {
    expect(readSas(text)).toMatchObject(expected);
  });

  it.each(['', '?', 'https://a/c', 'sp=r&se=2026-01-01', 'AccountKey=abc=='])('finds none in %j', (text) => {
    expect(readSas(text)).toBeNull();
  });

  it('never returns the signature', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12 }), fc.string(), (signature, rest) => {
        const facts = readSas(`sr=c&sp=r&sig=${encodeURIComponent(signature)}&x=${encodeURIComponent(rest)}`);

        return facts !== null && !JSON.stringify(facts).includes(signature);
      }),
    );
  });
});
