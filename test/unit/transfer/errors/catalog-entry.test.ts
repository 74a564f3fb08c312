import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { searchLink } from '../../../../src/transfer/errors/catalog-entry.ts';

const queryOf = (reason: string): string => new URL(searchLink(reason)).searchParams.get('q') ?? '';

describe('searchLink', () => {
  it('searches for the words of the service, without names and values of the user', () => {
    const reason =
      "Error copying blobs: Resource /subscriptions/5f1c6a1e-7d0b-4c2f-9a8e-3d7b6c5a4f3e/registries/contoso 'team/api:v1' at https://contoso.azurecr.io/v2/ with sha256:0a2e failed after 17 tries";

    expect(queryOf(reason)).toBe('acr transfer Error copying blobs Resource at with failed after');
  });

  it.each([
    ['a host', 'contoso.azurecr.io'],
    ['a reference', 'team/api:v1.2'],
    ['an address', '10.0.0.4'],
    ['a container', 'transfer-in'],
    ['a query', '?sv=2024-11-04&sig=abcDEFghi%3D'],
    ['a token', 'eyJhbGciOiJub25l.eyJzdWIiOiJib2Ii.c2lnbmF0dXJl'],
    ['a key', 'AccountKey=abcdefghijklmnop'],
    ['a long secret', 'abcdefghijklmnopqrstuvwxyzabcdefghijklmnopq'],
    ['a bearer token', 'Bearer abcdefghijklmnopqrstuvwx'],
  ])('leaves out %s, quoted or not', (_, value) => {
    const plain = queryOf(`refused ${value} today`);

    expect(plain.replace(/ (?:Bearer|AccountKey)/, '')).toBe('acr transfer refused today');
    expect(queryOf(`refused '${value}' today`)).toBe('acr transfer refused today');
  });

  it('keeps public error codes', () => {
    expect(queryOf('invalid_client: AADSTS1002012: The scope; MANIFEST_UNKNOWN.')).toBe(
      'acr transfer AADSTS1002012 The scope MANIFEST_UNKNOWN',
    );
  });

  it('has a configurable subject', () => {
    expect(new URL(searchLink('refused', 'azure login')).searchParams.get('q')).toBe('azure login refused');
  });

  it('is a link to github.com with a limited length for any text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 5000, unit: 'binary' }), (reason) => {
        const url = new URL(searchLink(reason));

        return url.origin === 'https://github.com' && url.pathname === '/search' && queryOf(reason).length <= 120;
      }),
    );
  });

  it('contains no ID, URL or digest', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.webUrl(), (id, url) => {
        const query = queryOf(`refused ${id} at ${url} for sha256:${'ab'.repeat(32)}`);

        return query === 'acr transfer refused at for';
      }),
    );
  });
});
