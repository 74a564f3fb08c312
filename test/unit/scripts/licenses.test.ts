import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packageComponent, type Component } from '../../../scripts/licenses/component.ts';
import { licenseFindings } from '../../../scripts/licenses/findings.ts';
import { licensePage, listedPackages } from '../../../scripts/licenses/page.ts';
import { packedFolders } from '../../../scripts/licenses/packed.ts';

const component = (overrides: Partial<Component> = {}): Component => ({
  name: 'a',
  version: '1.0.0',
  license: 'MIT',
  text: 'text of the license',
  ...overrides,
});

describe('packedFolders', () => {
  it('names each package once, in the folder where it is installed', () => {
    const found = packedFolders([
      'node_modules/ms/index.js',
      'node_modules/@azure/identity/dist/a.js',
      'node_modules/@azure/identity/dist/node_modules/b/c.js',
      'node_modules/ms/other.js',
      'src/main.ts',
      '\0rolldown/runtime.js',
    ]);

    expect(found).toEqual([
      'node_modules/@azure/identity',
      'node_modules/@azure/identity/dist/node_modules/b',
      'node_modules/ms',
    ]);
  });
});

describe('components', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'acr-transfer-licenses-'));
  });

  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  const install = (files: Readonly<Record<string, string>>): void => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  };
  const manifest = (more: object = {}): string =>
    JSON.stringify({ name: 'a', version: '1.0.0', license: 'MIT', ...more });

  it('includes license and notice', () => {
    install({
      'node_modules/a/package.json': manifest({ license: 'Apache-2.0' }),
      'node_modules/a/NOTICE.txt': 'the notice\r\n',
      'node_modules/a/license': '\nthe license  \n',
      'node_modules/a/licensed.js': 'code',
    });

    expect(packageComponent(root, 'node_modules/a')).toEqual({
      name: 'a',
      version: '1.0.0',
      license: 'Apache-2.0',
      text: 'the license\n\nthe notice',
    });
  });

  it('writes the MIT license text if only its name is given, with its author', () => {
    install({ 'node_modules/a/package.json': manifest({ author: { name: 'Ada' } }) });

    expect(packageComponent(root, 'node_modules/a').text).toMatch(/^MIT License\n\nCopyright \(c\) Ada\n/);
  });

  it('finds no text when there is neither a file nor an author', () => {
    install({ 'node_modules/a/package.json': manifest() });

    expect(packageComponent(root, 'node_modules/a').text).toBe('');
  });
});

describe('licenseFindings', () => {
  it('accepts a license that is allowed and listed', () => {
    expect(licenseFindings([component(), component({ license: '0BSD' })])).toEqual([]);
  });

  it.each([
    { license: 'AGPL-3.0-only', says: /^a 1\.0\.0 is under AGPL-3\.0-only; allowed are 0BSD, Apache-2\.0, / },
    { license: '(MIT OR GPL-3.0)', says: /is under \(MIT OR GPL-3\.0\)/ },
    { license: '', says: /does not say its license/ },
  ])('refuses "$license"', ({ license, says }) => {
    expect(licenseFindings([component({ license })])).toEqual([expect.stringMatching(says)]);
  });

  it('refuses a license whose text is missing', () => {
    expect(licenseFindings([component({ text: '' })])).toEqual([
      'a 1.0.0 is under MIT, and its text is not to be found',
    ]);
  });
});

describe('licensePage', () => {
  it('lists each version once, and each shared text once', () => {
    const page = licensePage([
      component({ name: 'b' }),
      component({ version: '10.0.0', text: 'another' }),
      component({ version: '9.0.0' }),
      component({ version: '9.0.0' }),
    ]);

    expect(page.match(/^\| `.*$/gm)).toEqual([
      '| `a` | 9.0.0 | MIT | [1](#text-1) |',
      '| `a` | 10.0.0 | MIT | [2](#text-2) |',
      '| `b` | 1.0.0 | MIT | [1](#text-1) |',
    ]);
    expect(page.match(/text of the license/g)).toHaveLength(1);
    expect(page).toContain('### Text 2\n\n`a`\n\n`````text\nanother\n`````\n');
  });

  it('can be read again', () => {
    expect(listedPackages(licensePage([component({ name: '@b/c' })]))).toEqual([{ name: '@b/c', version: '1.0.0' }]);
  });
});
