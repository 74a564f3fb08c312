import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../../scripts/action-definition.ts';
import {
  bundleFindings,
  lockFindings,
  manifestFindings,
  MAX_RUNTIME_DEPENDENCIES,
  type Lock,
  type LockedPackage,
  type Manifest,
} from '../../../scripts/lint/dependencies.ts';
import { listedPackages, PAGE } from '../../../scripts/licenses/page.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const manifest = JSON.parse(read('package.json')) as Manifest;
const lock = JSON.parse(read('package-lock.json')) as Lock;
const bundled = listedPackages(read(PAGE));

const ZOD = 'node_modules/zod';

/** The lock file as it is, but for one package. */
const broken = (path: string, change: LockedPackage): Lock => ({
  packages: { ...lock.packages, [path]: { ...lock.packages[path], ...change } },
});

/** The same, without one of the package's fields. */
const without = (path: string, field: keyof LockedPackage): Lock => {
  const { [field]: _, ...rest } = lock.packages[path] ?? {};
  return { packages: { ...lock.packages, [path]: rest } };
};

describe('the repository', () => {
  it('has nothing wrong with it', () => {
    expect(manifestFindings(manifest)).toEqual([]);
    expect(lockFindings(manifest, lock)).toEqual([]);
    expect(bundled.length).toBeGreaterThan(50);
    expect(bundleFindings(lock, bundled)).toEqual([]);
  });
});

describe('manifestFindings', () => {
  it.each(['^1.2.3', '~1.2.3', '1.2', '*', 'latest', '>=1.2.3', '1.2.3 || 1.2.4', ''])(
    'finds that "%s" is no one version',
    (version) => {
      expect(manifestFindings({ devDependencies: { a: version } })).toEqual([
        `package.json: devDependencies: a is not pinned to one version: ${version}`,
      ]);
    },
  );

  it.each([
    'git+https://github.com/owner/a.git',
    'owner/a#main',
    'https://example.org/a-1.0.0.tgz',
    'file:../a',
    'npm:b@1.0.0',
  ])('finds that %s does not come from the registry', (version) => {
    expect(manifestFindings({ dependencies: { a: version } })).toEqual([
      `package.json: dependencies: a does not come from the registry: ${version}`,
    ]);
  });

  it('looks into overrides', () => {
    expect(manifestFindings({ overrides: { a: '1.0.0', b: { c: '^2.0.0' } } })).toEqual([
      'package.json: overrides: b > c is not pinned to one version: ^2.0.0',
    ]);
  });

  it('accepts an override with one version of another package', () => {
    const overrides = { a: { b: 'npm:@owner/c@1.0.0', d: 'npm:e@^1.0.0' } };

    expect(manifestFindings({ overrides })).toEqual([
      'package.json: overrides: a > d is not pinned to one version: ^1.0.0',
    ]);
  });

  it('counts the code that users get', () => {
    const names = Array.from({ length: MAX_RUNTIME_DEPENDENCIES + 1 }, (_, index) => [`a${index}`, '1.0.0']);

    expect(manifestFindings({ dependencies: Object.fromEntries(names) as Record<string, string> })).toEqual([
      'package.json: 11 runtime dependencies; at most 10 are allowed',
    ]);
  });
});

describe('lockFindings', () => {
  it.each([
    {
      name: 'a place of download',
      lock: broken(ZOD, { resolved: 'https://registry.example.org/zod.tgz' }),
      says: 'names where it was downloaded from: https://registry.example.org/zod.tgz',
    },
    { name: 'no integrity', lock: without(ZOD, 'integrity'), says: 'has no integrity hash' },
    {
      name: 'a weak integrity',
      lock: broken(ZOD, { integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' }),
      says: 'has an integrity hash that is no SHA-512: sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=',
    },
    {
      name: 'a version of git',
      lock: broken(ZOD, { version: 'git+ssh://git@github.com/owner/zod.git#0a2e' }),
      says: 'has no version of the registry: git+ssh://git@github.com/owner/zod.git#0a2e',
    },
    { name: 'a link', lock: broken(ZOD, { link: true }), says: 'is a link to a folder' },
  ])('finds $name', ({ lock, says }) => {
    expect(lockFindings(manifest, lock)).toEqual([`package-lock.json: ${ZOD} ${says}`]);
  });

  it('rejects a bundle of another package.json', () => {
    const newer = { ...manifest, dependencies: { ...manifest.dependencies, zod: '999.0.0' } };

    expect(lockFindings(newer, lock)).toEqual(["package-lock.json: dependencies are not package.json's"]);
  });
});

describe('bundleFindings', () => {
  it('finds an install script of a package that is in the bundle, though only development asks for it', () => {
    const path = 'node_modules/supports-color';

    expect(bundleFindings(broken(path, { hasInstallScript: true }), bundled)).toEqual([
      `package-lock.json: ${path} has an install script, and the bundle needs it`,
    ]);
  });

  it('finds an install script of a package that users would install', () => {
    const path = 'node_modules/apache-arrow/node_modules/@types/node';

    expect(bundleFindings(broken(path, { hasInstallScript: true }), [])).toEqual([
      `package-lock.json: ${path} has an install script, and the bundle needs it`,
    ]);
  });

  it('ignores the install scripts of development', () => {
    expect(bundleFindings(broken('node_modules/jest', { hasInstallScript: true }), bundled)).toEqual([]);
  });

  it('finds a package that is in the bundle unintentionally', () => {
    const { version = '' } = lock.packages['node_modules/jest'] ?? {};

    expect(bundleFindings(lock, [{ name: 'jest', version }])).toEqual([
      `jest ${version} is in the bundle, and only development asks for it`,
    ]);
  });

  it('rejects a bundle of another version', () => {
    expect(bundleFindings(lock, [{ name: 'zod', version: '0.0.1' }])).toEqual([
      'zod 0.0.1 is in the bundle, and not in package-lock.json: run npm run build',
    ]);
  });
});
