/** A process that starts a sandbox and never stops it. */
import { spawnSandbox } from './client.ts';

const { description } = await spawnSandbox();
process.send?.(description);
setInterval(() => undefined, 1000);
