/** A source file that changes while it is read is refused. */
import { appendFileSync, mkdirSync, renameSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { connectDirectory } from '../../../src/filesystem/container.ts';
import type { BlobContainer } from '../../../src/transfer/ports/blob-container.ts';
import { randomContent } from '../../seed.ts';
import { BLOCK, failureId, scene } from '../transfer/handoff/copy-blob.fixture.ts';
import { first, troubled } from '../transfer/ports/faulty-container.fixture.ts';
import { afterFileRead, failureOf, makeMedia, NEVER, noise, type Media } from './media.fixture.ts';

let media: Media;
let source: BlobContainer;

beforeEach(() => {
  media = makeMedia();
  mkdirSync(media.folder);
  source = connectDirectory(media.folder, 'source');
});

afterEach(() => {
  jest.restoreAllMocks();
  media.remove();
});

const BEFORE = noise(6 * BLOCK + 1, 1);
const AFTER = noise(6 * BLOCK + 1, 2);

const LONG_AGO = new Date('2026-01-01T00:00:00Z');

/** Ways to change a file. Each changes its size or its time. */
const CHANGES = [
  {
    what: 'overwritten',
    change: (file: string) => {
      writeFileSync(file, AFTER);
    },
  },
  {
    what: 'appended to',
    change: (file: string) => {
      appendFileSync(file, 'x');
    },
  },
  {
    what: 'truncated',
    change: (file: string) => {
      truncateSync(file, BEFORE.length - 1);
    },
  },
  {
    what: 'emptied',
    change: (file: string) => {
      truncateSync(file, 0);
    },
  },
  {
    what: 'replaced by another file',
    change: (file: string) => {
      writeFileSync(`${file}.new`, AFTER);
      renameSync(`${file}.new`, file);
    },
  },
  {
    what: 'removed',
    change: (file: string) => {
      rmSync(file);
    },
  },
] as const;

/** Creates a file with an old time, because two writes within a few milliseconds can have the same time. */
const put = (bytes = BEFORE): void => {
  writeFileSync(media.at('a.tar'), bytes);
  utimesSync(media.at('a.tar'), LONG_AGO, LONG_AGO);
};

const etagOf = async (): Promise<string> => (await source.find('a.tar'))?.etag ?? '';

describe('a range of a file', () => {
  it('is read if the file does not change', async () => {
    put();
    const into = Buffer.alloc(1000);
    expect(await source.read('a.tar', { offset: BLOCK, etag: await etagOf() }, into, NEVER)).toBeNull();
    expect(into.equals(BEFORE.subarray(BLOCK, BLOCK + 1000))).toBe(true);
  });

  it.each(CHANGES)('is refused if the file was $what before', async ({ change }) => {
    put();
    const etag = await etagOf();
    change(media.at('a.tar'));
    expect(await failureOf(source.read('a.tar', { offset: 0, etag }, Buffer.alloc(10), NEVER))).toMatchObject({
      id: 'ACRT5003',
    });
  });

  it.each(CHANGES)('is refused if the file is $what while it is read', async ({ change }) => {
    put();
    const etag = await etagOf();
    await afterFileRead(1, () => {
      change(media.at('a.tar'));
    });
    expect(await failureOf(source.read('a.tar', { offset: 0, etag }, Buffer.alloc(10), NEVER))).toMatchObject({
      id: 'ACRT5003',
    });
  });

  it('is refused if it ends after the end of the file', async () => {
    put();
    const range = { offset: BEFORE.length - 5, etag: await etagOf() };
    expect(await failureOf(source.read('a.tar', range, Buffer.alloc(6), NEVER))).toMatchObject({ id: 'ACRT5003' });
  });
});

describe('a handoff of a file', () => {
  it.each(CHANGES)('commits nothing if the file is $what while it is read', async ({ change }) => {
    put();
    const { target, handOff } = scene({ at: null });
    await afterFileRead(3, () => {
      change(media.at('a.tar'));
    });
    expect(await failureId(handOff(null, { containers: { source } }))).toBe('ACRT5003');
    expect(target.blobs.size).toBe(0);
  });

  it('mixes no blocks of two versions when it is repeated', async () => {
    const randomBytes = randomContent('changing');
    const [before, after] = [randomBytes(40 * BLOCK), randomBytes(40 * BLOCK)];
    put(before);
    const { target, arrived, handOff } = scene({ at: null });
    const change = first(1, 'stage', () => {
      writeFileSync(media.at('a.tar'), after);
    });
    const outcome = handOff(null, { containers: { source, target: troubled(target, { after: change }) } });
    expect(await failureId(outcome)).toBe('ACRT5003');
    expect(target.blocks.arrived('a.tar').length).toBeGreaterThan(0);
    expect(await handOff(null, { containers: { source } })).toMatchObject({
      handoff: { reused: 0, bytes: after.length },
    });
    expect(arrived()?.equals(after)).toBe(true);
  });
});
