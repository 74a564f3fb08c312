import { statSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { versionIn, versionOf } from '../../../src/filesystem/file-version.ts';

const stats = statSync(import.meta.filename, { bigint: true });
const withStats = (changed: object): typeof stats => Object.assign(Object.create(stats) as typeof stats, changed);
const etagOf = (changed: object): string => versionIn(withStats(changed), 'file').etag;

describe('the version of a file', () => {
  it('C6: stays the same when a medium with FAT or exFAT is plugged in again, which changes the inode', () => {
    expect(etagOf({ ino: stats.ino + 1n })).toBe(etagOf({}));
  });

  it.each([{ size: stats.size + 1n }, { mtimeNs: stats.mtimeNs + 1n }])('changes with size and time: %p', (changed) => {
    expect(etagOf(changed)).not.toBe(etagOf({}));
  });
});

describe('versionOf', () => {
  it('is null for a file that does not exist', async () => {
    expect(await versionOf(`${import.meta.filename}.missing`)).toBeNull();
  });

  it('fails for a directory', async () => {
    await expect(versionOf(import.meta.dirname)).rejects.toHaveProperty('facts.id', 'ACRT5014');
  });
});
