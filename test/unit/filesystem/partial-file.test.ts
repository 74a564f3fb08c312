import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connectDirectory } from '../../../src/filesystem/container.ts';
import { pulledBlockId } from '../../../src/transfer/model/block-id.ts';
import type { BlobContainer } from '../../../src/transfer/ports/blob-container.ts';
import { blocksOf, makeMedia, NEVER, noise, propertiesOf, stageAll, type Media } from './media.fixture.ts';

let media: Media;

beforeEach(() => {
  media = makeMedia();
});

afterEach(() => {
  media.remove();
});

const bytes = noise(5 * 1024 + 7);
const blocks = blocksOf(bytes, 1024);
const ids = blocks.map(({ id }) => id);

/** A process that writes blocks, and commits nothing. */
const begin = async (staged = blocks.slice(0, 4)): Promise<void> => {
  await stageAll(connectDirectory(media.folder, 'target'), 'a/b.tar', staged);
};

const again = (): BlobContainer => connectDirectory(media.folder, 'target');
const arrivedIds = async (): Promise<string[]> => (await again().arrived('a/b.tar')).map(({ id }) => id).sort();

const damage = (name: string, at: number): void => {
  const content = readFileSync(media.at(name));
  content[at] = (content[at] ?? 0) ^ 1;
  writeFileSync(media.at(name), content);
};

const finish = async (): Promise<boolean> => {
  const container = again();
  const there = new Set(await arrivedIds());
  await stageAll(
    container,
    'a/b.tar',
    blocks.filter(({ id }) => !there.has(id)),
  );
  return (await container.commit('a/b.tar', ids, propertiesOf(bytes), null, NEVER)) !== null;
};

describe('a partial file', () => {
  it('is not the blob yet, and the next process finds its blocks', async () => {
    await begin();

    expect(existsSync(media.at('a/b.tar'))).toBe(false);
    expect(await again().find('a/b.tar')).toBeNull();
    expect(await again().list('')).toEqual([]);
    expect(await arrivedIds()).toEqual(ids.slice(0, 4).sort());
    expect((await again().arrived('a/b.tar')).map(({ size }) => size)).toEqual([1024, 1024, 1024, 1024]);
  });

  it('is completed with only the missing blocks', async () => {
    await begin();

    expect(await finish()).toBe(true);
    expect(readFileSync(media.at('a/b.tar'))).toEqual(bytes);
    expect(await arrivedIds()).toEqual([]);
  });

  it('lists no damaged block, and can still be completed', async () => {
    await begin();
    damage('a/b.tar.partial', 1024 + 500);

    expect(await arrivedIds()).toEqual([ids[0], ids[2], ids[3]].sort());
    expect(await finish()).toBe(true);
    expect(readFileSync(media.at('a/b.tar'))).toEqual(bytes);
  });

  it('lists no block that the file has lost', async () => {
    await begin();
    truncateSync(media.at('a/b.tar.partial'), 2 * 1024 + 100);

    expect(await arrivedIds()).toEqual(ids.slice(0, 2).sort());
  });

  it('is resumed after an incomplete line of the block list', async () => {
    await begin();
    for (const torn of [`${ids[4] ?? ''} 1024 40`, 'AQID', `${ids[4] ?? ''} `]) {
      appendFileSync(media.at('a/b.tar.partial.blocks'), torn);

      expect(await arrivedIds()).toEqual(ids.slice(0, 4).sort());
    }

    expect(await finish()).toBe(true);
    expect(readFileSync(media.at('a/b.tar'))).toEqual(bytes);
  });

  it('ignores impossible sizes, unknown blocks, and unreadable lines of the block list', async () => {
    await begin();
    const stranger = pulledBlockId({ method: 'server', etag: '"source"', blockBytes: 1024 }, 0);
    const lines = [`${ids[0] ?? ''} 99999999999999 0`, `${stranger} 1024 0`, `${ids[1] ?? ''} 1024 ${'9'.repeat(400)}`];
    appendFileSync(media.at('a/b.tar.partial.blocks'), `\n${lines.join('\n')}\n\u0000\u0000\uFFFD\n`);

    expect(await arrivedIds()).toEqual(ids.slice(2, 4).sort());
    expect(await finish()).toBe(true);
  });

  it('has no blocks if one of its two files is missing', async () => {
    await begin();
    truncateSync(media.at('a/b.tar.partial.blocks'), 0);

    expect(await arrivedIds()).toEqual([]);
  });

  it('accepts the same block twice, in any order', async () => {
    await begin([...blocks].reverse());
    await begin(blocks.slice(2, 5));

    expect(await arrivedIds()).toEqual([...ids].sort());
    expect(await finish()).toBe(true);
  });

  it('keeps nothing of another version after its end', async () => {
    await begin(blocksOf(noise(9000, 2), 1024, '"before"'));

    expect(await finish()).toBe(true);
    expect(readFileSync(media.at('a/b.tar'))).toEqual(bytes);
  });

  it('is aborted by its signal', async () => {
    const ended = AbortSignal.abort(new Error('ended'));
    const [first] = blocks;

    await expect(again().stage('a/b.tar', first!, ended)).rejects.toThrow('ended');
    expect(existsSync(media.folder)).toBe(false);

    await begin(blocks);

    await expect(again().commit('a/b.tar', ids, propertiesOf(bytes), null, ended)).rejects.toThrow('ended');
    expect(await finish()).toBe(true);
  });
});
