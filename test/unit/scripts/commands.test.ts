/** The checks as `npm run lint` and `npm run check-dist` run them, on folders that violate them. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { check as isFormatted, getFileInfo, resolveConfig } from 'prettier';
import { ROOT } from '../../../scripts/action-definition.ts';
import { MAX_BUNDLE_BYTES, sizeFindings } from '../../../scripts/dist/size.ts';
import { generatedPages } from '../../../scripts/docs/pages.ts';
import { MD5_KERNEL } from '../../../src/hashing/md5-kernel.ts';
import { PAGE } from '../../../scripts/licenses/page.ts';
import { PACKED_FILES } from '../../../scripts/licenses/packed.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'acr-transfer-checks-'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

interface Ended {
  readonly status: number | null;
  readonly stderr: string;
}

/** Runs a check on the folder of the test. zizmor is not looked for: it has tests of its own. */
function check(script: string, ...args: readonly string[]): Ended {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts', script), '--root', root, ...args], {
    encoding: 'utf8',
    env: { ...process.env, PATH: root },
  });
  return { status, stderr };
}

describe('lint-links', () => {
  it('passes without a broken link, and fails for one', () => {
    write('README.md', '# Title\n\n[here](#title)\n');
    expect(check('lint-links.ts')).toEqual({ status: 0, stderr: '' });

    write('docs/page.md', '[nowhere](nothing.md)\n');
    expect(check('lint-links.ts')).toEqual({
      status: 1,
      stderr: 'docs/page.md:1: Cannot find file `nothing.md`\n',
    });
  });

  it('fails for a workflow that mentions a missing page', () => {
    write('.github/workflows/a.yml', '# docs/nothing.md\n');

    expect(check('lint-links.ts').status).toBe(1);
  });
});

describe('lint-dependencies', () => {
  it('passes for the repository, and fails for a version that is not exact', () => {
    for (const path of ['package.json', 'package-lock.json', '.npmrc', PAGE]) write(path, read(path));
    expect(check('lint-dependencies.ts')).toEqual({ status: 0, stderr: '' });

    write('package.json', read('package.json').replace(/"zod": "/, '"zod": "^'));
    const { status, stderr } = check('lint-dependencies.ts');
    expect([status, stderr]).toEqual([1, expect.stringContaining('zod is not pinned to one version')]);
  });

  it('fails for the lock file and the settings of a tool', () => {
    for (const path of ['package.json', 'package-lock.json', '.npmrc', PAGE]) write(path, read(path));
    const locked = {
      version: '1.0.0',
      integrity: `sha512-${'A'.repeat(86)}==`,
      resolved: 'https://registry.example.org/a',
    };
    write('scripts/tools/a/package.json', JSON.stringify({ devDependencies: { a: '1.0.0' } }));
    write(
      'scripts/tools/a/package-lock.json',
      JSON.stringify({ packages: { '': { devDependencies: { a: '1.0.0' } }, 'node_modules/a': locked } }),
    );
    write('scripts/tools/a/.npmrc', read('.npmrc').replace('omit-lockfile-registry-resolved=true', ''));

    const { status, stderr } = check('lint-dependencies.ts');

    expect(status).toBe(1);
    expect(stderr).toContain(
      'scripts/tools/a/package-lock.json: node_modules/a names where it was downloaded from: https://registry.example.org/a',
    );
    expect(stderr).toContain('scripts/tools/a/.npmrc: omit-lockfile-registry-resolved=true is missing');
  });
});

describe('lint-workflows', () => {
  const JOB = ['jobs:', '  a:', '    runs-on: ubuntu-latest', '    timeout-minutes: 5', '    permissions: {}'];
  const workflow = (step: string): string =>
    ['on: push', 'permissions: {}', ...JOB, '    steps:', `      - ${step}`, ''].join('\n');

  it('fails for an action that is not pinned, and only for that', () => {
    write('.github/workflows/a.yml', workflow('run: "true"'));
    write('.github/workflows/b.yml', workflow('uses: actions/setup-node@v4'));

    expect(check('lint-workflows.ts')).toEqual({
      status: 1,
      stderr: '.github/workflows/b.yml:9: actions/setup-node@v4 is not pinned to a full commit SHA\n',
    });
  });
});

describe('docs --check', () => {
  it('passes for what is generated, and fails for a page or a schema that differs', async () => {
    const pages = await generatedPages();
    for (const [path, text] of pages) write(path, text);
    expect(check('docs.ts', '--check')).toEqual({ status: 0, stderr: '' });

    const [schema = ''] = [...pages.keys()].filter((path) => path.endsWith('.schema.json'));
    for (const path of ['docs/errors.md', schema]) appendFileSync(join(root, path), ' ');
    const stale = (path: string): string => `${path} is stale: run npm run docs\n`;
    expect(check('docs.ts', '--check')).toEqual({ status: 1, stderr: stale('docs/errors.md') + stale(schema) });
  });
});

describe('licenses', () => {
  const build = (license: string): void => {
    write('node_modules/a/package.json', JSON.stringify({ name: 'a', version: '1.0.0', license }));
    write('node_modules/a/LICENSE', 'text of the license');
    write(PACKED_FILES, JSON.stringify(['node_modules/a/index.js']));
  };

  it('passes with --check if the page matches the bundle, and fails otherwise', () => {
    build('MIT');
    expect(check('licenses.ts')).toEqual({ status: 0, stderr: '' });
    expect(check('licenses.ts', '--check')).toEqual({ status: 0, stderr: '' });

    appendFileSync(join(root, PAGE), '\n');
    expect(check('licenses.ts', '--check')).toEqual({
      status: 1,
      stderr: `${PAGE} is stale: run npm run build and commit it\n`,
    });
  });

  it('fails for a license that is not allowed', () => {
    build('AGPL-3.0-only');

    expect(check('licenses.ts')).toEqual({
      status: 1,
      stderr: expect.stringContaining('a 1.0.0 is under AGPL-3.0-only'),
    });
  });
});

describe('the MD5 kernel', () => {
  it('must be the compiled form of its source', () => {
    const compiled = join(root, 'kernel.wasm');
    const bytes = Buffer.from(MD5_KERNEL, 'base64');
    write('src/hashing/md5-kernel.ts', readFileSync(join(ROOT, 'src/hashing/md5-kernel.ts'), 'utf8'));
    writeFileSync(compiled, bytes);
    expect(check('kernel.ts', '--check', '--compiled', compiled)).toEqual({ status: 0, stderr: '' });

    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    writeFileSync(compiled, bytes);
    expect(check('kernel.ts', '--check', '--compiled', compiled)).toEqual({
      status: 1,
      stderr: 'src/hashing/md5-kernel.ts is stale: run npm run kernel and commit it\n',
    });
  });
});

describe('the size of the bundle', () => {
  it('may be as large as its budget, and no larger', () => {
    write('1.index.js', ' '.repeat(1000));
    write('index.js', ' '.repeat(MAX_BUNDLE_BYTES - 1000));
    write('package.json', 'no code');
    expect(sizeFindings(root)).toEqual([]);

    appendFileSync(join(root, 'index.js'), ' ');
    expect(sizeFindings(root)).toEqual([
      `The code of the bundle has ${MAX_BUNDLE_BYTES + 1} bytes; at most ${MAX_BUNDLE_BYTES} are allowed`,
    ]);
  });
});

describe('Prettier', () => {
  it.each(['src/a.ts', 'scripts/a.ts', 'test/a.test.ts', 'docs/measured/a.json', '.github/workflows/a.yml'])(
    'looks at %s',
    async (path) => {
      const { ignored, inferredParser } = await getFileInfo(join(ROOT, path), {
        ignorePath: join(ROOT, '.prettierignore'),
      });

      expect([ignored, inferredParser]).toEqual([false, expect.any(String)]);
    },
  );

  it('finds code that is not formatted', async () => {
    const filepath = join(ROOT, 'src', 'a.ts');
    const options = { ...(await resolveConfig(filepath)), filepath };

    expect(await isFormatted("export const a = 'a';\n", options)).toBe(true);
    expect(await isFormatted('export const a = "a";\n', options)).toBe(false);
    expect(await isFormatted("export const a = 'a'\n", options)).toBe(false);
  });
});

describe('package.json', () => {
  const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> };

  it.each([
    'tsc --noEmit',
    'eslint .',
    'prettier --check .',
    'node scripts/docs.ts --check',
    ...globSync('scripts/lint-*.ts', { cwd: ROOT }).map((path) => `node ${path}`),
  ])('runs %s with `npm run lint`, which fails with it', (command) => {
    const steps = (scripts['lint'] ?? '')
      .replace(/npm run ([\w:-]+)/g, (_, name: string) => scripts[name] ?? '')
      .split(' && ');

    expect(steps).toContain(command);
  });

  it('compares the kernel, the bundle and its licenses with `npm run check-dist`', () => {
    expect(scripts['check-dist']?.split(' && ')).toEqual([
      'node scripts/kernel.ts --check',
      'node scripts/check-dist.ts',
      'node scripts/licenses.ts --check',
    ]);
  });
});
