import { describe, expect, it } from '@jest/globals';
import { parseAllowedHosts, parseLoginServers } from '../../../../src/action/inputs/list.ts';
import { MINIMAL, problemsOf, requestOf } from './request.fixture.ts';

describe('A list of hosts', () => {
  it.each(['a.azurecr.io,b.azurecr.io', ' a.azurecr.io \r\n\n b.azurecr.io', '["a.azurecr.io", "b.azurecr.io"]'])(
    'is read from %j',
    (text) => {
      expect(parseLoginServers(text)).toEqual({ ok: true, value: ['a.azurecr.io', 'b.azurecr.io'] });
    },
  );

  it.each(['https://a.azurecr.io', 'a/b', '[1]', '[]', ',', '["a"', '*.azurecr.io'])('rejects %j', (text) => {
    expect(parseLoginServers(text)).toHaveProperty('problem');
  });

  it('can have domains and ports if the hosts are allowed in addition', () => {
    const hosts = ['*.contoso.com', 'blobs.contoso.com:8443'];
    expect(parseAllowedHosts(hosts.join(','))).toEqual({ ok: true, value: hosts });
    for (const text of ['*', '*.com', '**.a.b', 'a.*.b']) expect(parseAllowedHosts(text)).toHaveProperty('problem');
  });
});

describe('allowed-sources', () => {
  it('needs a manifest', () => {
    const given = { ...MINIMAL.import, blobs: 'a.tar', 'allowed-sources': 'a.azurecr.io' };
    expect(problemsOf(given)).toEqual([expect.stringMatching(/^allowed-sources: .*needs a manifest/)]);
  });
});

describe('the hosts that a side allows', () => {
  const sas = 'sv=2025-01-05&sr=c&sp=rl&sig=aB3%2Fx%2Bz%3D';
  const hostsOf = (given: Readonly<Record<string, string>>): readonly string[] => {
    const request = requestOf({ ...MINIMAL.export, ...given });
    return 'source' in request ? request.source.allowedHosts : [];
  };

  it('are those of the input', () => {
    expect(hostsOf({})).toEqual([]);
    expect(hostsOf({ 'source-allowed-hosts': '*.contoso.com' })).toEqual(['*.contoso.com']);
  });

  it('include the container that the inputs name together with its SAS, but not without it', () => {
    const container = { 'source-container': 'https://own.example:8443/c' };
    expect(hostsOf(container)).toEqual([]);
    expect(hostsOf({ ...container, 'source-sas': sas })).toEqual(['own.example:8443']);
  });
});
