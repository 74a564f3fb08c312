import { describe, expect, it } from '@jest/globals';
import { externalLinkFindings } from '../../../scripts/lint/external-links.ts';

const GOOD = { url: 'https://learn.microsoft.com/a', status: 200, parent: 'README.md' };

describe('the check of links to other sites', () => {
  it('accepts pages that exist, and those that refuse the checker', () => {
    const refused = [401, 403, 429, 500, 503].map((status) => ({ ...GOOD, status }));

    expect(externalLinkFindings([GOOD, ...refused])).toEqual([]);
  });

  it.each([404, 410])('reports a page that does not exist: HTTP %d', (status) => {
    expect(externalLinkFindings([GOOD, { ...GOOD, url: 'https://a.test/b', status }])).toEqual([
      `README.md: https://a.test/b doesn't exist (HTTP ${status})`,
    ]);
  });

  it('reports a site that does not respond', () => {
    expect(externalLinkFindings([GOOD, { url: 'https://a.test/b', status: 0, parent: 'README.md' }])).toEqual([
      'README.md: https://a.test/b got no response',
    ]);
  });

  it('fails if no site responds, because nothing was checked', () => {
    expect(externalLinkFindings([{ url: 'https://a.test' }, { url: 'https://b.test', status: 0 }])).toEqual([
      'none of 2 links got a response: this machine has no access to other sites',
    ]);
  });

  it('fails if it finds no link at all', () => {
    expect(externalLinkFindings([])).toHaveLength(1);
  });
});
