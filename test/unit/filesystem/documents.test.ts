import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createChecksums } from '../../../src/filesystem/checksums.ts';
import { connectDirectory } from '../../../src/filesystem/container.ts';
import { directoryDocuments } from '../../../src/filesystem/documents.ts';
import { hashFile } from '../../../src/filesystem/file-hashes.ts';
import type { BlobContainer } from '../../../src/transfer/ports/blob-container.ts';
import { rounds } from '../../tier.ts';
import {
  blocksOf,
  copyBlobTo,
  failureOf,
  listedPaths,
  makeMedia,
  noise,
  stageAll,
  sumsComplaint,
  type Media,
} from './media.fixture.ts';

let media: Media;
let container: BlobContainer;

beforeEach(() => {
  media = makeMedia();
  container = connectDirectory(media.folder, 'target');
});

afterEach(() => {
  media.remove();
});

describe('a document in a directory', () => {
  it('is written, read back, and listed', async () => {
    await container.writeText('r/a.transfer.json', '{"ä":1}');
    await container.writeText('r/a.transfer.json', '{"ä":2}');

    expect(await container.readText('r/a.transfer.json')).toBe('{"ä":2}');
    expect(readdirSync(media.at('r'))).toEqual(['a.transfer.json']);
    expect(listedPaths(media.folder)).toEqual(['r/a.transfer.json']);
    expect(sumsComplaint(media.folder)).toBe('');
  });

  it('C10: is read through a link within the directory', async () => {
    mkdirSync(media.at('folder'), { recursive: true });
    writeFileSync(media.at('a.json'), '1');
    symlinkSync('a.json', media.at('b.json'));
    symlinkSync('folder', media.at('link'));
    writeFileSync(media.at('folder/c.json'), '2');

    expect(await container.readText('b.json')).toBe('1');
    expect(await container.readText('link/c.json')).toBe('2');
    expect(await container.find('b.json')).toMatchObject({ size: 1 });
  });

  it('C10: is not read through a link that replaces it after the check', async () => {
    mkdirSync(media.folder, { recursive: true });
    writeFileSync(media.at('precious'), 'secret');
    const replaced = media.at('a.json');
    symlinkSync('precious', replaced);
    const { readText } = directoryDocuments(
      media.folder,
      (_, work) => work(replaced, 'a.json', replaced),
      createChecksums(media.folder),
    );

    await expect(readText('a.json')).rejects.toMatchObject({ code: 'ELOOP' });
    await expect(hashFile(replaced, null)).rejects.toMatchObject({ code: 'ELOOP' });
  });

  it('that does not exist is null, also if no file can have its name', async () => {
    expect(await container.readText('a')).toBeNull();
    expect(await container.readVersion('a')).toBeNull();
    expect(await container.readText('../a')).toBeNull();
    expect(await connectDirectory(media.folder, 'source').readText('a')).toBeNull();
  });

  it('is replaced only as the version that was read', async () => {
    expect(await container.replaceText('a', '1', '"none"')).toBe(false);
    expect(await container.replaceText('a', '1', null)).toBe(true);
    expect(await container.replaceText('a', '2', null)).toBe(false);

    const read = await container.readVersion('a');

    expect(read?.text).toBe('1');
    expect(await container.replaceText('a', '2', read?.etag ?? null)).toBe(true);
    expect(await container.replaceText('a', '3', read?.etag ?? null)).toBe(false);
    expect(await container.readText('a')).toBe('2');
    expect(sumsComplaint(media.folder)).toBe('');
  });

  it('loses no concurrent addition', async () => {
    const add = async (line: string): Promise<void> => {
      const read = await container.readVersion('a');
      const text = `${read?.text ?? ''}${line}\n`;
      if (!(await container.replaceText('a', text, read?.etag ?? null))) await add(line);
    };
    const lines = Array.from({ length: 12 }, (_, index) => `line ${index}`);
    await Promise.all(lines.map(add));

    expect((await container.readText('a'))?.trim().split('\n').sort()).toEqual(lines.sort());
    expect(sumsComplaint(media.folder)).toBe('');
  });

  it('has at most 64 MiB', async () => {
    mkdirSync(media.folder);
    writeFileSync(media.at('a'), '');
    truncateSync(media.at('a'), 64 * 1024 * 1024 + 1);

    expect((await failureOf(container.readText('a'))).message).toContain(
      '67108865 bytes exceed the maximum size of a document',
    );
  });

  it('that cannot be written leaves no partial file', async () => {
    mkdirSync(media.at('a'), { recursive: true });

    expect(await failureOf(container.writeText('a', 'x'))).toMatchObject({ id: 'ACRT5014' });
    expect(readdirSync(media.folder)).toEqual(['a']);
  });
});

describe('the blobs of a directory', () => {
  it('are listed by their blob names, in order', async () => {
    for (const name of ['b: 1.json', 'a//c.json', 'nul.json', 'a/.json', 'SHA256SUMS', 'x.partial']) {
      await copyBlobTo(container, name, noise(10));
    }

    expect(await container.list('.json')).toEqual(['a/.json', 'a//c.json', 'b: 1.json', 'nul.json']);
    expect(await container.list('')).toHaveLength(6);
  });

  it('do not include partial files, links, or other files', async () => {
    await container.writeText('a.json', '{}');
    await stageAll(container, 'b.json', blocksOf(noise(10), 1024));
    symlinkSync('a.json', media.at('c.json'));
    symlinkSync('/', media.at('root'));
    writeFileSync(media.at('d%3a.json'), '');

    expect(await container.list('')).toEqual(['a.json']);
  });

  it('are none without a directory, and cause an error if it is a file', async () => {
    expect(await container.list('')).toEqual([]);

    writeFileSync(media.folder, '');

    expect(await failureOf(container.list(''))).toMatchObject({ id: 'ACRT5014' });
  });

  it('are found by every name that they can have', async () => {
    const part = fc.stringMatching(/^[a-z%:?*"<>|. ~é漢A-Z]{1,8}$/).filter((text) => !/^\.{1,2}$/.test(text));
    const name = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => `${parts.join('/')}.json`);
    await fc.assert(
      fc.asyncProperty(name, async (blob) => {
        const own = makeMedia();
        try {
          const there = connectDirectory(own.folder, 'target');
          await there.writeText(blob, blob);

          expect(await there.list('')).toEqual([blob]);
          expect(await there.readText(blob)).toBe(blob);
          expect(sumsComplaint(own.folder)).toBe('');
          expect(existsSync(join(own.outside, 'media'))).toBe(true);
          expect(readdirSync(own.outside)).toEqual(['media']);
        } finally {
          own.remove();
        }
      }),
      { numRuns: rounds(50) },
    );
    expect(readdirSync(media.outside)).toEqual([]);
  });

  it('are listed despite unreadable system folders', async () => {
    await container.writeText('a.json', '{}');
    mkdirSync(media.at('lost+found'));

    expect(await container.list('.json')).toEqual(['a.json']);
    expect(readFileSync(media.at('a.json'), 'utf8')).toBe('{}');
  });
});
