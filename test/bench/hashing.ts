import { createHash } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { createPairedMd5, type PairedMd5 } from '../../src/hashing/paired-md5.ts';
import { createHasher } from '../../src/hashing/pool.ts';
import type { Hasher, Md5Chain } from '../../src/transfer/ports/hasher.ts';
import { randomContent } from '../seed.ts';
import { median, round } from './measure.ts';

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;
const BLOCK_BYTES = 4 * MEBIBYTE;
const BLOCKS = 256;
const IN_FLIGHT = 8;
const ROUNDS = 3;
/** Sizes around the one below which the pool hashes without threads. */
const SMALL_KIB = [16, 64, 256, 1024];

interface Pass {
  readonly mibPerSecond: number;
  /** Delay of timers and sockets of the main thread, milliseconds. */
  readonly delayP99: number;
}

const md5Of = (bytes: Uint8Array): Buffer => createHash('md5').update(bytes).digest();

/** The pool without threads. */
function openHere(): Hasher {
  const paired = createPairedMd5();
  // Like between two reads of a socket: the event loop runs after every hash.
  const turn = async <Result>(hash: () => Result): Promise<Result> => {
    await setImmediate();
    return hash();
  };
  return {
    expect: () => undefined,
    allocate: (bytes) => Buffer.alloc(bytes),
    md5: (bytes) => turn(() => md5Of(bytes)),
    link: (bytes, chain) => turn(() => paired.link(bytes, chain)),
    finish: (bytes, chain) => turn(() => paired.finish(bytes, chain)),
    close: () => undefined,
  };
}

/** Hashes 1 GiB as a streamed copy does, in one pass: each block, and all of them in their order. Returns the MD5 of the whole. */
async function hashBlob({ link, finish }: Hasher, blocks: readonly Buffer[]): Promise<string> {
  let chain: Promise<Md5Chain | null> = Promise.resolve(null);
  const busy: Promise<unknown>[] = [];
  for (let index = 0; index < BLOCKS; index += 1) {
    const bytes = blocks[index % IN_FLIGHT] ?? Buffer.alloc(0);
    await busy[index - IN_FLIGHT];
    chain = chain.then(async (before) => (await link(bytes, before)).chain);
    busy.push(chain);
  }
  await Promise.all(busy);
  return (await finish(Buffer.alloc(0), await chain)).whole.toString('hex');
}

function expectedMd5(blocks: readonly Buffer[]): string {
  const hash = createHash('md5');
  for (let index = 0; index < BLOCKS; index += 1) hash.update(blocks[index % IN_FLIGHT] ?? '');
  return hash.digest('hex');
}

async function measurePass(hashing: Hasher, contents: readonly Buffer[], expected: string): Promise<Pass> {
  const blocks = contents.map((content) => {
    const memory = hashing.allocate(content.length);
    content.copy(memory);
    return memory;
  });
  // Threads start and code is compiled before the measurement.
  await Promise.all(blocks.map((block) => hashing.md5(block)));
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const since = performance.now();
  const md5 = await hashBlob(hashing, blocks);
  const seconds = (performance.now() - since) / 1000;
  delay.disable();
  if (md5 !== expected) throw new Error(`the MD5 of the whole is ${md5} and should be ${expected}`);
  return { mibPerSecond: (BLOCKS * BLOCK_BYTES) / MEBIBYTE / seconds, delayP99: delay.percentile(99) / 1e6 };
}

/** CPU seconds per GiB if every block is hashed on this thread. */
function secondsPerGib(blocks: readonly Buffer[], hash: (bytes: Buffer) => unknown): number {
  const before = process.threadCpuUsage();
  for (let index = 0; index < BLOCKS; index += 1) hash(blocks[index % IN_FLIGHT] ?? Buffer.alloc(0));
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1e6 / ((BLOCKS * BLOCK_BYTES) / 1024 ** 3);
}

/** MD5 of the block and of the whole: by Node in two passes, or in one pass. Node can't export the state of the whole. */
function passesOf(paired: PairedMd5) {
  const whole = createHash('md5');
  let chain: Md5Chain | null = null;
  return {
    twoPasses: (bytes: Buffer) => {
      whole.update(bytes);
      return md5Of(bytes);
    },
    onePass: (bytes: Buffer) => ({ chain } = paired.link(bytes, chain)),
    blockOnly: md5Of,
  };
}

function measurePasses(contents: readonly Buffer[]) {
  const passes = passesOf(createPairedMd5());
  const names = ['twoPasses', 'onePass', 'blockOnly'] as const;
  const rounds = Array.from({ length: ROUNDS }, () => names.map((name) => secondsPerGib(contents, passes[name])));
  const [two = 0, one = 0, block = 0] = names.map((_, index) => median(rounds.map((round) => round[index] ?? 0)));
  const ratio = median(rounds.map(([twoOnce = 0, oneOnce = 1]) => twoOnce / oneOnce));
  console.log(
    `block and whole: ${one.toFixed(2)} CPU s/GiB in one pass, ${two.toFixed(2)} CPU s/GiB in two passes of Node's MD5 ` +
      `(the block alone: ${block.toFixed(2)}), ${ratio.toFixed(2)} x`,
  );
  return {
    onePassCpuSecondsPerGiB: round(one, 2),
    twoPassesCpuSecondsPerGiB: round(two, 2),
    ratioTwoPasses: round(ratio, 2),
  };
}

/** Microseconds of one MD5, in sequence. */
async function microseconds(bytes: number, md5: (bytes: Buffer) => Promise<Buffer>, memory: Buffer): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < 200; count += 1) {
    const since = performance.now();
    await md5(memory.subarray(0, bytes));
    times.push((performance.now() - since) * 1000);
  }
  return median(times);
}

/** Whether a message to a thread is faster for a small block. `link` always uses a thread, and takes as long as any message. */
async function smallBlocks(hashing: Hasher): Promise<Readonly<Record<string, number>>> {
  const memory = hashing.allocate(MEBIBYTE);
  const figures: Record<string, number> = {};
  for (const kib of SMALL_KIB) {
    const bytes = kib * KIBIBYTE;
    const here = await microseconds(bytes, (block) => Promise.resolve(md5Of(block)), memory);
    const there = await microseconds(bytes, async (block) => (await hashing.link(block, null)).md5, memory);
    figures[`usHere${kib}Kib`] = round(here, 0);
    figures[`usThread${kib}Kib`] = round(there, 0);
    console.log(`${kib} KiB: ${here.toFixed(0)} us on the main thread, ${there.toFixed(0)} us through a thread`);
  }
  return figures;
}

interface WayFigures {
  readonly mibPerSecond: number;
  readonly delayP99Ms: number;
}

const WAYS = {
  main: openHere,
  oneThread: () => createHasher(1),
  twoThreads: () => createHasher(2),
};

async function measureWay(way: keyof typeof WAYS, contents: readonly Buffer[], expected: string): Promise<WayFigures> {
  const passes: Pass[] = [];
  for (let count = 0; count < ROUNDS; count += 1) {
    const hashing = WAYS[way]();
    passes.push(await measurePass(hashing, contents, expected));
    hashing.close();
  }
  const rate = median(passes.map((pass) => pass.mibPerSecond));
  const delay = median(passes.map((pass) => pass.delayP99));
  console.log(`${way}: ${rate.toFixed(0)} MiB/s, event loop delayed by ${delay.toFixed(1)} ms (99 %)`);
  return { mibPerSecond: round(rate, 0), delayP99Ms: round(delay, 1) };
}

/** MD5 of every block and of the whole of 1 GiB: on the main thread, and on one and two additional threads. */
export async function benchHashing() {
  const randomBytes = randomContent('bench hashing');
  const contents = Array.from({ length: IN_FLIGHT }, () => randomBytes(BLOCK_BYTES));
  const expected = expectedMd5(contents);
  const passes = measurePasses(contents);
  const main = await measureWay('main', contents, expected);
  const oneThread = await measureWay('oneThread', contents, expected);
  const twoThreads = await measureWay('twoThreads', contents, expected);
  const hashing = createHasher(1);
  const small = await smallBlocks(hashing);
  hashing.close();
  return {
    mib: (BLOCKS * BLOCK_BYTES) / MEBIBYTE,
    rounds: ROUNDS,
    ...passes,
    mainMibPerSecond: main.mibPerSecond,
    mainDelayP99Ms: main.delayP99Ms,
    oneThreadMibPerSecond: oneThread.mibPerSecond,
    oneThreadDelayP99Ms: oneThread.delayP99Ms,
    twoThreadsMibPerSecond: twoThreads.mibPerSecond,
    twoThreadsDelayP99Ms: twoThreads.delayP99Ms,
    ...small,
    rssMb: round(process.memoryUsage().rss / 1e6, 0),
  };
}

/** Figures of the bench. */
export type HashingFigures = Awaited<ReturnType<typeof benchHashing>>;
