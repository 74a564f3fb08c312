/** Hashes on worker threads. */
export { createHasher } from './pool.ts';
