import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareFolders } from '../../../scripts/dist/compare.ts';

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
});
