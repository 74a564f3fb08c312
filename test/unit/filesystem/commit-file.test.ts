import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { commitFile } from '../../../src/filesystem/commit-file.ts';
import { connectDirectory } from '../../../src/filesystem/container.ts';
import type { BlobContainer } from '../../../src/transfer/ports/blob-container.ts';
import {
  afterFileRead,
  blocksOf,
  copyBlobTo,
  failureOf,
  listedPaths,
  makeMedia,
  md5Of,
  NEVER,
  noise,
  propertiesOf,
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
  jest.restoreAllMocks();
  media.remove();
});

const bytes = noise(3000);
const blocks = blocksOf(bytes, 1024);
const ids = blocks.map(({ id }) => id);

describe('a blob that is committed to a directory', () => {
  it('is a plain file with a checksum, without partial files', async () => {
    expect(await copyBlobTo(container, 'release/1 ä%.tar', bytes)).toBe(true);
    expect(readFileSync(media.at('release/1 ä%25.tar'))).toEqual(bytes);
    expect(readdirSync(media.folder, { recursive: true }).sort()).toEqual([
      'SHA256SUMS',
      'release',
      'release/1 ä%25.tar',
    ]);
    expect(sumsComplaint(media.folder)).toBe('');
  });

  it.each([0, 1, 1024])('can have %d bytes', async (size) => {
    expect(await copyBlobTo(container, 'a', noise(size))).toBe(true);
    expect(readFileSync(media.at('a'))).toEqual(noise(size));
    expect(await container.find('a')).toMatchObject({ size, md5: md5Of(noise(size)) });
    expect(sumsComplaint(media.folder)).toBe('');
  });

  it('replaces only the version that was found', async () => {
    await copyBlobTo(container, 'a', noise(10));
    const seen = await container.find('a');

    expect(await copyBlobTo(container, 'a', bytes)).toBe(false);
    expect(await copyBlobTo(container, 'a', bytes, '"another"')).toBe(false);
    expect(readFileSync(media.at('a'))).toEqual(noise(10));

    expect(await copyBlobTo(container, 'a', bytes, seen?.etag ?? null)).toBe(true);
    expect(readFileSync(media.at('a'))).toEqual(bytes);
    expect(listedPaths(media.folder)).toEqual(['a']);
    expect(sumsComplaint(media.folder)).toBe('');
  });

  it.each([
    { what: 'appears', before: null },
    { what: 'changes', before: noise(10) },
  ])('keeps a file that $what while the blocks are read back', async ({ before }) => {
    if (before !== null) await copyBlobTo(container, 'a', before);
    const seen = await container.find('a');
    await stageAll(container, 'a', blocks);
    await afterFileRead(1, () => {
      writeFileSync(media.at('a'), 'of another process');
    });

    expect(await container.commit('a', ids, propertiesOf(bytes), seen?.etag ?? null, NEVER)).toBeNull();
    expect(readFileSync(media.at('a'), 'utf8')).toBe('of another process');
  });

  it('keeps its blocks if another version exists', async () => {
    await stageAll(container, 'a', blocks);
    writeFileSync(media.at('a'), 'of another process');

    expect(await container.commit('a', ids, propertiesOf(noise(3000, 2)), null, NEVER)).toBeNull();
    expect(readFileSync(media.at('a'), 'utf8')).toBe('of another process');
    expect(await container.arrived('a')).toHaveLength(blocks.length);
  });

  it('does not replace a file that was deleted', async () => {
    expect(await copyBlobTo(container, 'a', bytes, '"gone"')).toBe(false);
    expect(existsSync(media.at('a'))).toBe(false);
  });

  it.each([
    { what: 'a block is missing', staged: blocks.slice(0, 2), order: ids },
    { what: 'there is a gap', staged: blocks, order: [ids[0]!, ids[2]!] },
    { what: 'the order is another', staged: blocks, order: [ids[1]!, ids[0]!, ids[2]!] },
  ])('does not appear if $what', async ({ staged, order }) => {
    await stageAll(container, 'a', staged);

    expect(await container.commit('a', order, propertiesOf(bytes), null, NEVER)).toBeNull();
    expect(existsSync(media.at('a'))).toBe(false);
  });

  it('does not appear if it reads back differently, and is copied again', async () => {
    await stageAll(container, 'a', blocks);
    const content = readFileSync(media.at('a.partial'));
    content[2000] = (content[2000] ?? 0) ^ 1;
    writeFileSync(media.at('a.partial'), content);
    const failed = await failureOf(container.commit('a', ids, propertiesOf(bytes), null, NEVER));

    expect(failed.id).toBe('ACRT5002');
    expect(failed.message).toContain(`a in ${media.folder} has 3000 bytes with MD5 ${md5Of(content)}`);
    expect(readdirSync(media.folder)).toEqual([]);
    expect(await copyBlobTo(container, 'a', bytes)).toBe(true);
  });

  it('can have an unknown MD5', async () => {
    await stageAll(container, 'a', blocks);

    expect(await container.commit('a', ids, { ...propertiesOf(bytes), md5: null }, null, NEVER)).not.toBeNull();
    expect(sumsComplaint(media.folder)).toBe('');
  });

  it('is committed by one of two runners, and the other finds it complete', async () => {
    const other = connectDirectory(media.folder, 'target');
    await Promise.all([stageAll(container, 'a', blocks), stageAll(other, 'a', blocks)]);
    const both = await Promise.all(
      [container, other].map((runner) => runner.commit('a', ids, propertiesOf(bytes), null, NEVER)),
    );

    expect(both.some((etag) => etag !== null)).toBe(true);
    expect(await other.find('a')).toMatchObject({ size: 3000, md5: md5Of(bytes) });
    expect(sumsComplaint(media.folder)).toBe('');
  });

  it('can be committed together with many others', async () => {
    const names = Array.from({ length: 200 }, (_, index) => `many/${index % 7}/${index}.tar`);
    const committed = await Promise.all(
      names.map((name, index) => copyBlobTo(container, name, noise(index, index + 1))),
    );

    expect(committed.every((done) => done)).toBe(true);
    expect(listedPaths(media.folder).sort()).toEqual([...names].sort());
    expect(sumsComplaint(media.folder)).toBe('');
    expect(await container.list('.tar')).toEqual([...names].sort());
  });
});

describe('a file that another process writes during the commit', () => {
  const finishing = (change: () => void) => ({
    file: media.at('a'),
    blob: 'a',
    container: media.folder,
    blockIds: ids,
    // Read during the commit: after the first check of the version, before the second.
    get md5() {
      change();
      return md5Of(bytes);
    },
    replaces: null,
    signal: NEVER,
  });

  it('stays as that process wrote it', async () => {
    await stageAll(container, 'a', blocks);
    const other = noise(5, 9);
    const finished = await commitFile(
      finishing(() => {
        writeFileSync(media.at('a'), other);
      }),
    );

    expect(finished).toBeNull();
    expect(readFileSync(media.at('a'))).toEqual(other);
  });

  it('is committed if no process writes it', async () => {
    await stageAll(container, 'a', blocks);

    expect(await commitFile(finishing(() => undefined))).toMatchObject({ size: 3000, md5: md5Of(bytes) });
    expect(readFileSync(media.at('a'))).toEqual(bytes);
  });
});

describe('a blob that is up to date', () => {
  const describeFound = async (runner: BlobContainer): Promise<boolean> => {
    const found = await runner.find('a');
    return (await runner.describe('a', { category: 'acr-transfer-blob' }, found?.etag ?? '')) !== null;
  };

  it('gets the checksum that a killed process did not record, and its partial files are deleted', async () => {
    mkdirSync(media.folder);
    writeFileSync(media.at('a'), bytes);
    await stageAll(container, 'a', blocks.slice(0, 1));

    expect(await describeFound(connectDirectory(media.folder, 'target'))).toBe(true);
    expect(readdirSync(media.folder).sort()).toEqual(['SHA256SUMS', 'a']);
    expect(sumsComplaint(media.folder)).toBe('');
  });

  it('gets no checksum of another version', async () => {
    mkdirSync(media.folder);
    writeFileSync(media.at('a'), bytes);
    const found = await container.find('a');
    writeFileSync(media.at('a'), noise(5));

    expect(await container.describe('a', {}, 'unknown')).not.toBeNull();
    expect(found?.md5).toBe(md5Of(bytes));
    expect(existsSync(media.at('SHA256SUMS'))).toBe(false);
  });

  it('is accepted even if its partial files cannot be deleted', async () => {
    await copyBlobTo(container, 'a', bytes);
    mkdirSync(media.at('a.partial'));

    expect(await describeFound(connectDirectory(media.folder, 'target'))).toBe(true);
    expect(existsSync(media.at('a.partial'))).toBe(true);
  });

  it.each(['source', 'target'] as const)('is never removed: %s', (side) => {
    expect(connectDirectory(media.folder, side).remove).toBeNull();
  });

  it('is not changed if it is complete', async () => {
    await copyBlobTo(container, 'a', bytes);
    const before = statSync(media.at('SHA256SUMS'), { bigint: true });

    expect(await describeFound(connectDirectory(media.folder, 'target'))).toBe(true);
    expect(statSync(media.at('SHA256SUMS'), { bigint: true })).toMatchObject({
      ino: before.ino,
      mtimeNs: before.mtimeNs,
    });
  });
});
