import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { importFindings } from '../../../scripts/lint/imports.ts';

const roots: string[] = [];

/** Writes a repository that has only these files. */
function repository(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'acr-transfer-imports-'));
  roots.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const check = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> => [
  ...new Set((await importFindings(repository(files))).map(({ rule }) => rule)),
];

const A_TYPE = 'export interface A { readonly a: string }\n';
const A_VALUE = "export const a = 'a';\n";

afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

describe('importFindings', () => {
  it('accepts imports that point down, within a folder, and through an entry point', async () => {
    const files = {
      'src/transfer/errors/catalog.ts': A_VALUE,
      'src/transfer/errors/index.ts': "export { a } from './catalog.ts';\n",
      'src/transfer/model/plan.ts': "import { a } from '../errors/index.ts';\nexport const b = a;\n",
      'src/transfer/model/result.ts': "import { b } from './plan.ts';\nexport const c = b;\n",
      'src/transfer/plan/batching/pack.ts': "import { b } from '../../model/plan.ts';\nexport const d = b;\n",
      'src/transfer/plan/build.ts': "import { d } from './batching/pack.ts';\nexport const e = d;\n",
      'src/main.ts': "import { c } from './transfer/model/result.ts';\nexport const f = c;\n",
    };

    await expect(check(files)).resolves.toEqual([]);
  });

  it.each([
    ['a lower layer', 'transfer/model/a.ts', 'transfer/plan/b.ts', 'layer of transfer/model'],
    ['the same layer', 'transfer/handoff/a.ts', 'transfer/plan/b.ts', 'layer of transfer/handoff'],
    ['a folder below another', 'transfer/plan/batching/a.ts', 'transfer/plan/b.ts', 'layer of transfer/plan/batching'],
    ['a folder of plan that only plan imports', 'transfer/execution/a.ts', 'transfer/plan/batching/b.ts', ''],
    ['the domain', 'transfer/run.ts', 'azure/connect.ts', 'layer of transfer'],
    ['provisioning', 'provisioning/apply.ts', 'transfer/execution/b.ts', 'layer of provisioning'],
    ['the text of the action', 'action/text/a.ts', 'action/runner/b.ts', 'layer of action/text'],
    ['one output of the action', 'action/progress/a.ts', 'action/report/b.ts', 'layer of action/progress'],
    ['the action', 'action/runner/a.ts', 'azure/connect.ts', 'layer of action/runner'],
    ['the services', 'azure/storage/a.ts', 'azure/registry/b.ts', 'layer of azure/storage'],
    ['the file system', 'filesystem/a.ts', 'transfer/documents/b.ts', 'layer of filesystem'],
    ['the hashes', 'hashing/a.ts', 'transfer/model/b.ts', 'layer of hashing'],
    ['an entry file', 'main.ts', 'transfer/execution/b.ts', 'entry files'],
  ])('rejects an import that violates the layers: %s', async (_, from, to, rule) => {
    const specifier = `${'../'.repeat(from.split('/').length - 1) || './'}${to}`;
    const files = {
      [`src/${from}`]: `import type { A } from '${specifier}';\nexport type B = A;\n`,
      [`src/${to}`]: A_TYPE,
    };

    const found = await check(files);

    expect(found).toEqual([rule === '' ? 'layer of transfer/execution' : rule]);
  });

  it.each([
    ['a static import', "import { a } from '../errors/catalog.ts';\nexport const b = a;\n"],
    ['a type', "import type { A } from '../errors/catalog.ts';\nexport type B = A;\n"],
    ['a lazy import', "export const b = async () => (await import('../errors/catalog.ts')).a;\n"],
    ['a re-export', "export { a } from '../errors/catalog.ts';\n"],
  ])('rejects a deep import that bypasses an entry point: %s', async (_, text) => {
    const files = {
      'src/transfer/errors/catalog.ts': `${A_VALUE}${A_TYPE}`,
      'src/transfer/errors/index.ts': "export { a, type A } from './catalog.ts';\n",
      'src/transfer/model/plan.ts': text,
    };

    await expect(check(files)).resolves.toEqual(['entry point of src/transfer/errors']);
  });

  it.each([
    [
      'of values',
      "import { b } from './b.ts';\nexport const a = () => b;\n",
      "import { a } from './a.ts';\nexport const b = () => a;\n",
    ],
    [
      'of types',
      "import type { B } from './b.ts';\nexport type A = B[];\n",
      "import type { A } from './a.ts';\nexport type B = A[];\n",
    ],
    [
      'of a lazy import',
      "export const a = () => import('./b.ts');\n",
      "import type { a } from './a.ts';\nexport type B = typeof a;\n",
    ],
  ])('rejects a cycle %s', async (_, a, b) => {
    await expect(check({ 'src/transfer/model/a.ts': a, 'src/transfer/model/b.ts': b })).resolves.toEqual(['no cycle']);
  });

  it.each([
    ['@actions/core', 'transfer/model/a.ts', '@actions only in action'],
    ['@azure/identity', 'action/runner/a.ts', '@azure only in azure'],
    ['@azure-rest/core-client', 'transfer/model/a.ts', '@azure-rest only in azure'],
  ])('keeps %s in its folder', async (name, path, rule) => {
    const files = {
      [`src/${path}`]: `import { a } from '${name}';\nexport const b = a;\n`,
      [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
      [`node_modules/${name}/index.js`]: 'exports.a = 1;\n',
    };

    await expect(check(files)).resolves.toEqual([rule]);
  });

  it('keeps tests out of src/', async () => {
    const files = {
      'src/transfer/model/a.ts': "import { a } from '../../../test/sandbox/cloud.ts';\nexport const b = a;\n",
      'test/sandbox/cloud.ts': A_VALUE,
    };

    await expect(check(files)).resolves.toEqual(['src/ alone']);
  });

  it('requires a layer for every folder', async () => {
    await expect(check({ 'src/transfer/helpers/a.ts': A_VALUE })).resolves.toEqual(['known folder']);
  });

  it('finds nothing wrong with this repository', async () => {
    await expect(importFindings(join(import.meta.dirname, '..', '..', '..'))).resolves.toEqual([]);
  });
});
