/** Hashes on worker threads. */
export { openHashing } from './pool.ts';
