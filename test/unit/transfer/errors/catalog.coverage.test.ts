/** Every entry of the catalog is thrown by the source, and covered by a test. */
import { describe, expect, it } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CATALOG } from '../../../../src/transfer/errors/catalog.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');

/** The files that define the entries. */
const CATALOG_FILES = globSync('src/transfer/errors/catalog*.ts', { cwd: ROOT }).map((path) => basename(path));

const idsIn = (pattern: string, not: readonly string[]): ReadonlySet<string> =>
  new Set(
    globSync(pattern, { cwd: ROOT })
      .filter((path) => !not.includes(basename(path)))
      .flatMap((path) => readFileSync(join(ROOT, path), 'utf8').match(/ACRT\d{4}/g) ?? []),
  );

const missingIn = (ids: ReadonlySet<string>): readonly string[] => Object.keys(CATALOG).filter((id) => !ids.has(id));

describe('every entry of the catalog', () => {
  it('is thrown in src', () => {
    expect(missingIn(idsIn('src/**/*.ts', CATALOG_FILES))).toEqual([]);
  });

  it('is covered by a test', () => {
    expect(
      missingIn(idsIn('test/{unit,sandbox,e2e}/**/*.ts', ['catalog.test.ts', 'catalog.coverage.test.ts'])),
    ).toEqual([]);
  });
});
