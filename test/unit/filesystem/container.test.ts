import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connectDirectory } from '../../../src/filesystem/container.ts';
import { blockId } from '../../../src/transfer/model/block-id.ts';
import type { BlobContainer } from '../../../src/transfer/ports/blob-container.ts';
import { randomContent } from '../../seed.ts';

const randomBytes = randomContent('directory container');

const SIZE = 1000;
const PROPERTIES = { contentType: 'application/x-tar', metadata: {}, tier: null };
const FAMILY = { method: 'stream', etag: '"1"', blockBytes: SIZE } as const;

const md5 = (bytes: Buffer): Buffer => createHash('md5').update(bytes).digest();
const base64 = (bytes: Buffer): string => md5(bytes).toString('base64');
const signal = new AbortController().signal;

let folder: string;
let media: BlobContainer;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'acr-transfer-media-')), 'media');
  media = connectDirectory(folder, 'target');
});

afterEach(() => {
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

const idOf = (bytes: Buffer, index: number): string =>
  blockId(FAMILY, { index, md5: md5(bytes), state: Buffer.alloc(16, index) });

async function stage(blob: string, bytes: Buffer, index: number, to = media): Promise<string> {
  const id = idOf(bytes, index);
  await to.stage(blob, { id, offset: index * SIZE, bytes, md5: base64(bytes) }, signal);
  return id;
}

async function put(blob: string, bytes: Buffer, replaces: string | null = null): Promise<boolean> {
  const id = await stage(blob, bytes, 0);
  return (await media.commit(blob, [id], { ...PROPERTIES, md5: base64(bytes) }, replaces, signal)) !== null;
}

const isIntact = (): boolean => {
  try {
    execFileSync('sha256sum', ['-c', '--strict', 'SHA256SUMS'], { cwd: folder, stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
};

const idsOf = (failure: string): unknown =>
  expect.objectContaining({ facts: expect.objectContaining({ id: failure }) });

describe('a blob in a directory', () => {
  it('appears complete, from blocks in any order, and not before the commit', async () => {
    const blocks = [randomBytes(SIZE), randomBytes(SIZE), randomBytes(7)];
    const ids: string[] = [];
    for (const index of [2, 0, 1]) ids[index] = await stage('team/a b.tar', blocks[index]!, index);
    expect(await media.find('team/a b.tar')).toBeNull();
    const whole = Buffer.concat(blocks);
    expect(await media.commit('team/a b.tar', ids, { ...PROPERTIES, md5: base64(whole) }, null, signal)).not.toBeNull();
    expect(await media.find('team/a b.tar')).toMatchObject({ size: whole.length, md5: base64(whole) });
    expect(readFileSync(join(folder, 'team/a b.tar')).equals(whole)).toBe(true);
    expect(existsSync(join(folder, 'team/a b.tar.partial'))).toBe(false);
    expect(await media.arrived('team/a b.tar')).toEqual([]);
    expect(isIntact()).toBe(true);
  });

  it('can be empty', async () => {
    const empty = { ...PROPERTIES, md5: base64(Buffer.alloc(0)) };
    expect(await media.commit('empty.tar', [], empty, null, signal)).not.toBeNull();
    expect(await media.find('empty.tar')).toMatchObject({ size: 0 });
    expect(isIntact()).toBe(true);
  });

  it('is not committed without all blocks, and keeps the others', async () => {
    const id = await stage('gap.tar', randomBytes(SIZE), 0);
    const missing = idOf(randomBytes(SIZE), 1);
    expect(await media.commit('gap.tar', [id, missing], { ...PROPERTIES, md5: null }, null, signal)).toBeNull();
    expect(await media.find('gap.tar')).toBeNull();
    expect(await media.arrived('gap.tar')).toMatchObject([{ id, size: SIZE }]);
  });

  it('is refused and copied again if the medium contains other bytes than were sent', async () => {
    const bytes = randomBytes(SIZE);
    const id = await stage('torn.tar', bytes, 0);
    writeFileSync(join(folder, 'torn.tar.partial'), randomBytes(SIZE));
    const commit = media.commit('torn.tar', [id], { ...PROPERTIES, md5: base64(bytes) }, null, signal);
    await expect(commit).rejects.toEqual(idsOf('ACRT5002'));
    expect(await media.find('torn.tar')).toBeNull();
    expect(await media.arrived('torn.tar')).toEqual([]);
  });

  it('is replaced only as the version that was found', async () => {
    expect(await put('v.tar', Buffer.from('one'))).toBe(true);
    expect(await put('v.tar', Buffer.from('two'))).toBe(false);
    const { etag } = (await media.find('v.tar'))!;
    expect(await put('v.tar', Buffer.from('two'), '"other"')).toBe(false);
    expect(await put('v.tar', Buffer.from('two'), etag)).toBe(true);
    expect(readFileSync(join(folder, 'v.tar'), 'utf8')).toBe('two');
    expect(readFileSync(join(folder, 'SHA256SUMS'), 'utf8').trim().split('\n')).toHaveLength(1);
    expect(isIntact()).toBe(true);
  });
});

describe('an interrupted attempt', () => {
  it('leaves only intact blocks', async () => {
    const blocks = [randomBytes(SIZE), randomBytes(SIZE), randomBytes(SIZE)];
    for (const [index, bytes] of blocks.entries()) await stage('a.tar', bytes, index);
    const partial = join(folder, 'a.tar.partial');
    const lying = readFileSync(partial);
    lying[SIZE + 5] = (lying[SIZE + 5] ?? 0) ^ 1;
    writeFileSync(partial, lying);
    appendFileSync(`${partial}.blocks`, 'a line that was not writt');
    const again = connectDirectory(folder, 'target');
    expect((await again.arrived('a.tar')).map(({ id }) => id)).toEqual([idOf(blocks[0]!, 0), idOf(blocks[2]!, 2)]);
  });

  it('leaves no reusable blocks if the medium was replaced', async () => {
    await stage('a.tar', randomBytes(SIZE), 0);
    rmSync(join(folder, 'a.tar.partial'));
    expect(await media.arrived('a.tar')).toEqual([]);
  });
});

describe('a read', () => {
  const bytes = randomBytes(3 * SIZE);

  it('returns a range of the current version', async () => {
    await put('r.tar', bytes);
    const { etag } = (await media.find('r.tar'))!;
    const into = Buffer.alloc(SIZE);
    expect(await media.read('r.tar', { offset: 500, etag }, into, signal)).toBeNull();
    expect(into.equals(bytes.subarray(500, 1500))).toBe(true);
    writeFileSync(join(folder, 'r.tar'), randomBytes(3 * SIZE));
    await expect(media.read('r.tar', { offset: 0, etag }, into, signal)).rejects.toEqual(idsOf('ACRT5003'));
  });

  it('follows no link out of the directory', async () => {
    await put('inside.tar', bytes);
    symlinkSync(tmpdir(), join(folder, 'out'));
    await expect(media.stage('out/x.tar', { id: 'x', offset: 0, bytes, md5: '' }, signal)).rejects.toEqual(
      idsOf('ACRT5014'),
    );
  });

  it('fails at the source if the directory does not exist', async () => {
    const source = connectDirectory(join(folder, 'not-mounted'), 'source');
    await expect(source.find('a.tar')).rejects.toEqual(idsOf('ACRT3006'));
    expect(await source.readText('a.transfer.json')).toBeNull();
    expect(await source.list('.json')).toEqual([]);
  });

  it('reports the file if the file system rejects it', async () => {
    await put('file', bytes);
    await expect(stage('file/below.tar', bytes, 0)).rejects.toEqual(idsOf('ACRT5014'));
  });
});

describe('documents in a directory', () => {
  it('are written, replaced as the version that was read, and listed by their blob names', async () => {
    await media.writeText('n%/a.transfer.json', '{}');
    expect(await media.readText('n%/a.transfer.json')).toBe('{}');
    const { etag } = (await media.readVersion('n%/a.transfer.json'))!;
    expect(await media.replaceText('n%/a.transfer.json', '{"a":1}', null)).toBe(false);
    expect(await media.replaceText('n%/a.transfer.json', '{"a":1}', etag)).toBe(true);
    expect(await media.list('.transfer.json')).toEqual(['n%/a.transfer.json']);
    expect(isIntact()).toBe(true);
  });

  it('are recorded in the checksum list concurrently, and none is lost', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `d/${index}.json`);
    await Promise.all(names.map((name) => media.writeText(name, name)));
    expect(readFileSync(join(folder, 'SHA256SUMS'), 'utf8').trim().split('\n')).toHaveLength(60);
    expect(isIntact()).toBe(true);
  });
});
