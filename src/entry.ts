/**
 * Both actions, and the post part of the first, in one bundle, of which they share nearly all: `dist/setup.js` and
 * `dist/post.js` only import this, so that their name tells which of them was asked for.
 */
import { basename } from 'node:path';

const entries: Readonly<Record<string, () => Promise<unknown>>> = {
  'setup.js': () => import('./setup.ts'),
  'post.js': () => import('./post.ts'),
};

await (entries[basename(process.argv[1] ?? '')] ?? (() => import('./main.ts')))();
