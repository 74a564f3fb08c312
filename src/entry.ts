/**
 * Entry point of the bundle, which contains both actions and the post step because they share nearly all code.
 * `dist/setup.js` and `dist/post.js` only import this file. The name of the started file selects the entry.
 */
import { basename } from 'node:path';

const entries: Readonly<Record<string, () => Promise<unknown>>> = {
  'setup.js': () => import('./setup.ts'),
  'post.js': () => import('./post.ts'),
};

await (entries[basename(process.argv[1] ?? '')] ?? (() => import('./main.ts')))();
