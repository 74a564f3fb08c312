/**
 * The one seed of everything that tests, shows and benches draw at random. The test reporter and the last line of every show and bench
 * print it; `ACR_TRANSFER_SEED=20787 npm test -- FILE` replays a run. Without the variable, the seed is the number of
 * the day since 1970 (UTC), so that each day tries other values. fast-check is the exception: a property that fails prints its own seed and path.
 *
 * Keys, tokens and ids of the local clouds are not drawn from it: they are identities, and only differ from each other.
 */
import { createCipheriv, createHash } from 'node:crypto';
import { randomNumbers } from './sandbox/random.ts';

const DAY = 24 * 60 * 60 * 1000;

/** Environment variable that sets the seed. */
export const SEED_VARIABLE = 'ACR_TRANSFER_SEED';

/**
 * Reads the seed.
 * @param text value of the variable; the number of the day since 1970 when it is empty or not set
 * @throws when it is no whole number
 */
export function seedOf(text: string | undefined, now: Date): number {
  if (text === undefined || text === '') return Math.floor(now.getTime() / DAY);
  if (!/^\d{1,10}$/.test(text)) throw new Error(`${SEED_VARIABLE} takes a whole number, not "${text}"`);
  return Number(text);
}

/** The seed of this run. */
export const SEED: number = seedOf(process.env[SEED_VARIABLE], new Date());

/** What to put before a command to run it with the same seed again. */
export const REPLAY = `${SEED_VARIABLE}=${SEED}`;

const keyOf = (label: string): Buffer => createHash('sha256').update(`${SEED} ${label}`).digest();

/**
 * Numbers from 0 up to 1, the same ones for the same seed and label.
 * @param label tells the draws of one test from those of another
 */
export const random = (label: string): (() => number) => randomNumbers(keyOf(label).readInt32BE());

/**
 * Bytes that no compression makes smaller, the same ones for the same seed and label. Each call continues where the last one ended.
 * @param label tells the draws of one file from those of another
 */
export function randomContent(label: string): (size: number) => Buffer {
  const stream = createCipheriv('aes-256-ctr', keyOf(label), Buffer.alloc(16));
  return (size) => stream.update(Buffer.alloc(size));
}
