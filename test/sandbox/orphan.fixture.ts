/** A process that starts a sandbox and never stops it: one of its own, or with the argument `hosted` one in a shared process. */
import { spawnSandbox } from './client.ts';
import { hostSandbox } from './hosted.ts';

const { description } = await (process.argv[2] === 'hosted' ? hostSandbox() : spawnSandbox());
process.send?.(description);
setInterval(() => undefined, 1000);
