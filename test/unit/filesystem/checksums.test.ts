import { appendFileSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createChecksums } from '../../../src/filesystem/checksums.ts';
import { failureOf, listedPaths, makeMedia, sha256Of, sumsComplaint, type Media } from './media.fixture.ts';

let media: Media;

beforeEach(() => {
  media = makeMedia();
  mkdirSync(media.folder);
});

afterEach(() => {
  media.remove();
});

/** Writes a file, and returns its SHA-256. */
const write = (path: string, text = path): string => {
  writeFileSync(media.at(path), text);
  return sha256Of(text);
};

const list = (): string => readFileSync(media.at('SHA256SUMS'), 'utf8');
const writeList = (text: string): void => {
  writeFileSync(media.at('SHA256SUMS'), text);
};

describe('the list of checksums', () => {
  it('equals the output of sha256sum', async () => {
    await createChecksums(media.folder).record('a b.tar', write('a b.tar'));

    expect(list()).toBe(`${sha256Of('a b.tar')}  a b.tar\n`);
    expect(sumsComplaint(media.folder)).toBe('');
  });

  it('passes sha256sum -c after every record, and contains no file twice', async () => {
    const sums = createChecksums(media.folder);
    for (const [path, text] of [
      ['b', '1'],
      ['a', '2'],
      ['b', '3'],
      ['b', '3'],
      ['c', '4'],
      ['a', '5'],
    ] as const) {
      await sums.record(path, write(path, text));

      expect(sumsComplaint(media.folder)).toBe('');
    }

    expect(listedPaths(media.folder)).toEqual(['a', 'b', 'c']);
  });

  it('loses no concurrent record, new or replaced', async () => {
    const sums = createChecksums(media.folder);
    const paths = Array.from({ length: 100 }, (_, index) => `file ${index}`);
    await Promise.all(paths.map((path) => sums.record(path, write(path))));
    const changed = paths.filter((_, index) => index % 10 === 0);
    await Promise.all(changed.map((path) => sums.record(path, write(path, 'another'))));

    expect(listedPaths(media.folder)).toEqual(paths.sort());
    expect(sumsComplaint(media.folder)).toBe('');
  });

  it('is appended for new files, and rewritten only if a line is replaced', async () => {
    const sums = createChecksums(media.folder);
    await sums.record('z', write('z'));
    const { ino } = statSync(media.at('SHA256SUMS'));
    for (let index = 0; index < 500; index += 1) await sums.record(`n${index}`, sha256Of(String(index)));

    expect(statSync(media.at('SHA256SUMS')).ino).toBe(ino);
    expect(listedPaths(media.folder)[0]).toBe('z');

    await sums.record('z', write('z', 'another'));

    expect(statSync(media.at('SHA256SUMS')).ino).not.toBe(ino);
    expect(listedPaths(media.folder)).toEqual([...listedPaths(media.folder)].sort());
    expect(listedPaths(media.folder)).toHaveLength(501);
  });

  it('is not written if it is up to date', async () => {
    const [a, b] = [write('a'), write('b')];
    writeList(`${b} *b\r\n${a}  ./a`);
    const before = list();
    await createChecksums(media.folder).record('a', a);

    expect(list()).toBe(before);
  });

  it('reads and keeps the lines of other tools, and sorts them', async () => {
    const [a, b, c] = [write('a'), write('b'), write('c')];
    writeList(`# of the medium\r\n${b.toUpperCase()} *b\r\n${'0'.repeat(64)}  gone\r\n\r\n${a}  ./a`);
    await createChecksums(media.folder).record('c', c);

    expect(list()).toBe(`# of the medium\n${a}  a\n${b}  b\n${c}  c\n${'0'.repeat(64)}  gone\n`);
  });

  it('keeps one line of a file with two lines', async () => {
    const now = write('a', 'now');
    writeList(`${sha256Of('before')}  a\n${now}  a\n`);
    await createChecksums(media.folder).record('b', write('b'));

    expect(listedPaths(media.folder)).toEqual(['a', 'b']);
    expect(sumsComplaint(media.folder)).toBe('');
  });

  it.each([
    { what: 'within the hash', torn: 'ab12' },
    { what: 'within the path', torn: `${sha256Of('abc')}  ab` },
    { what: 'so that it names another file', torn: `${sha256Of('ab.tar')}  a` },
  ])('ignores a line that was cut off $what', async ({ torn }) => {
    writeList(`${write('a')}  a\n${torn}`);
    await createChecksums(media.folder).record('b', write('b'));

    expect(listedPaths(media.folder)).toEqual(['a', 'b']);
    expect(sumsComplaint(media.folder)).toBe('');
  });

  it('keeps what another process has recorded in the meantime', async () => {
    const sums = createChecksums(media.folder);
    await sums.record('a', write('a'));
    appendFileSync(media.at('SHA256SUMS'), `${write('other')}  other\n`);
    await sums.record('b', write('b'));
    await sums.record('a', write('a', 'another'));

    expect(listedPaths(media.folder)).toEqual(['a', 'b', 'other']);
    expect(sumsComplaint(media.folder)).toBe('');
  });

  it('continues after a failed record, and records it the next time', async () => {
    const sums = createChecksums(media.folder);
    mkdirSync(media.at('SHA256SUMS'));

    expect(await failureOf(sums.record('a', write('a')))).toMatchObject({ id: 'ACRT5014' });

    const other = makeMedia();
    const missing = createChecksums(other.folder);

    expect((await failureOf(missing.record('a', sha256Of('a')))).message).toContain(other.at('SHA256SUMS'));

    mkdirSync(other.folder);
    writeFileSync(other.at('a'), 'a');
    await missing.record('a', sha256Of('a'));

    expect(sumsComplaint(other.folder)).toBe('');
    other.remove();
  });

  it('is not written through a link', async () => {
    writeFileSync(`${media.outside}/precious`, '');
    symlinkSync('../precious', media.at('SHA256SUMS'));

    expect((await failureOf(createChecksums(media.folder).record('a', write('a')))).message).toContain('a link');
    expect(readFileSync(`${media.outside}/precious`, 'utf8')).toBe('');
  });
});
