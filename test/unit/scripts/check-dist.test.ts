import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../../scripts/action-definition.ts';
import { compareFolders } from '../../../scripts/dist/compare.ts';
import { EXCLUDED, EXCLUDED_MODULE, excludedModule } from '../../../scripts/dist/excluded.ts';
import { bundleBytes, MAX_BUNDLE_BYTES } from '../../../scripts/dist/size.ts';
import { listedPackages, PAGE } from '../../../scripts/licenses/page.ts';

describe('compareFolders', () => {
  let folder: string;
  let built: string;
  let committed: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'acr-transfer-dist-'));
    [built, committed] = [join(folder, 'built'), join(folder, 'committed')];
    mkdirSync(join(built, 'sub'), { recursive: true });
    writeFileSync(join(built, 'index.js'), 'run()');
    writeFileSync(join(built, 'sub', '1.js'), 'part()');
    cpSync(built, committed, { recursive: true });
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('finds nothing between equal folders', () => {
    expect(compareFolders(built, committed)).toEqual([]);
  });

  it('names a file that was tampered with, one that is missing, and one that should not be there', () => {
    appendFileSync(join(committed, 'index.js'), '\n');
    rmSync(join(committed, 'sub', '1.js'));
    writeFileSync(join(committed, '2.js'), '');

    expect(compareFolders(built, committed)).toEqual([
      '2.js: not of this build',
      'index.js: different',
      'sub/1.js: missing',
    ]);
  });

  it('detects a hidden file, and a link instead of a file', () => {
    writeFileSync(join(committed, '.hidden.js'), '');
    rmSync(join(committed, 'index.js'));
    symlinkSync(join(built, 'index.js'), join(committed, 'index.js'));

    expect(compareFolders(built, committed)).toEqual(['.hidden.js: not of this build', 'index.js: not a plain file']);
  });
});

describe('bundleBytes', () => {
  it('accepts the committed bundle, which is within its budget', () => {
    expect(bundleBytes(join(ROOT, 'dist'))).toBeLessThanOrEqual(MAX_BUNDLE_BYTES);
  });

  it('counts every chunk', () => {
    const folder = mkdtempSync(join(tmpdir(), 'acr-transfer-dist-'));
    for (const name of ['index.js', '1.index.js', 'package.json']) writeFileSync(join(folder, name), 'run()');

    expect(bundleBytes(folder)).toBe(10);
    rmSync(folder, { recursive: true });
  });
});

describe('EXCLUDED', () => {
  const importers: Readonly<Record<keyof typeof EXCLUDED, { readonly file: string; readonly statement: string }>> = {
    undici: { file: '@actions/http-client/lib/index.js', statement: "import { ProxyAgent } from 'undici';" },
    'apache-arrow': {
      file: '@azure/storage-blob/dist/esm/utils/blobListArrowParser.js',
      statement: 'const { tableFromIPC } = await import("apache-arrow");',
    },
    open: { file: '@azure/identity/dist/esm/msal/nodeFlows/msalClient.js', statement: 'await import("open")' },
  };
  const names = Object.keys(EXCLUDED) as (keyof typeof EXCLUDED)[];

  it.each(names)('names what the bundled packages import of %s', (name) => {
    const { file, statement } = importers[name];

    expect(readFileSync(join(ROOT, 'node_modules', file), 'utf8')).toContain(statement);
  });

  it.each(names)('replaces %s by a module that fails with the name of the package', async (name) => {
    const url = `data:text/javascript,${encodeURIComponent(excludedModule())}`;
    const exports = (await import(url)) as Readonly<Record<string, new () => object>>;
    const Export = exports[EXCLUDED[name]]!;

    expect(() => new Export()).toThrow(`The bundle excludes the package ${name}`);
  });

  it('is not in the list of bundled packages', () => {
    const packages = listedPackages(readFileSync(join(ROOT, PAGE), 'utf8')).map(({ name }) => name);

    for (const name of names) expect(packages).not.toContain(name);
  });
});

describe('check-dist', () => {
  const dist = join(ROOT, 'dist');
  let copy: string;

  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), 'acr-transfer-dist-'));
    cpSync(dist, copy, { recursive: true });
  });

  afterEach(() => {
    rmSync(copy, { recursive: true });
  });

  /** Runs the check of the gate without the build. */
  const check = (): { readonly status: number | null; readonly stderr: string } => {
    const script = join(ROOT, 'scripts', 'check-dist.ts');
    const { status, stderr } = spawnSync(process.execPath, [script, '--built', dist, '--committed', copy], {
      encoding: 'utf8',
    });
    return { status, stderr };
  };

  const flipOneBit = (path: string): void => {
    const bytes = readFileSync(path);
    const middle = bytes.length >> 1;
    bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
    writeFileSync(path, bytes);
  };

  it('passes for the present bundle', () => {
    expect(check()).toEqual({ status: 0, stderr: '' });
  });

  it('fails if the code exceeds its budget', () => {
    writeFileSync(join(copy, 'large.js'), Buffer.alloc(MAX_BUNDLE_BYTES));

    const { status, stderr } = check();

    expect(status).toBe(1);
    expect(stderr).toContain(`at most ${MAX_BUNDLE_BYTES} are allowed`);
  });

  it.each([
    {
      name: 'one bit of the entry is flipped',
      corrupt: () => {
        flipOneBit(join(copy, 'index.js'));
      },
      says: 'dist/index.js: different',
    },
    {
      name: 'the thread that hashes is cut short',
      corrupt: () => {
        truncateSync(join(copy, 'hash-worker.js'), 100);
      },
      says: 'dist/hash-worker.js: different',
    },
    {
      name: 'code is appended to the second entry',
      corrupt: () => {
        appendFileSync(join(copy, 'setup.js'), "import './errors.js';");
      },
      says: 'dist/setup.js: different',
    },
    {
      name: 'the replacement of excluded packages is gone',
      corrupt: () => {
        rmSync(join(copy, EXCLUDED_MODULE));
      },
      says: `dist/${EXCLUDED_MODULE}: missing`,
    },
    {
      name: 'a file is slipped in',
      corrupt: () => {
        writeFileSync(join(copy, '.npmrc'), '');
      },
      says: 'dist/.npmrc: not of this build',
    },
  ])('fails if $name', ({ corrupt, says }) => {
    corrupt();

    const { status, stderr } = check();

    expect(status).toBe(1);
    expect(stderr).toContain(says);
    expect(stderr).toContain('dist/ is not what the sources give');
  });
});
