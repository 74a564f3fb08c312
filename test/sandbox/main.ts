/**
 * `npm run sandbox`: runs the two clouds until Ctrl-C.
 * `main.ts [--folder FOLDER] [--settings JSON] [--empty] [--trusts SUBJECT]`. The default of FOLDER is `.sandbox`. If it is
 * started with an IPC channel, it sends its description as the first message, and ends with the channel.
 */
import { rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { environmentOf, shellExports } from './environment.ts';
import { DEFAULT_FOLDER, DESCRIPTION_FILE } from './folder.ts';
import { startSandbox } from './sandbox.ts';
import { parsePatch } from './settings.ts';

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: DEFAULT_FOLDER },
    settings: { type: 'string', default: '{}' },
    empty: { type: 'boolean', default: false },
    trusts: { type: 'string' },
  },
});

/** A signal during the start takes effect after it, because only a running sandbox can be stopped. */
const ended = new Promise<void>((resolve) => {
  for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect']) process.once(event, resolve);
  // The parent disconnected before this listener existed. Without a channel, it is undefined.
  if ((process.connected as boolean | undefined) === false) resolve();
});

const settings = parsePatch(JSON.parse(values.settings));
const { folder, empty, trusts } = values;
const sandbox = await startSandbox({ folder, settings, empty, ...(trusts !== undefined && { trusts }) });
const file = path.join(values.folder, DESCRIPTION_FILE);
await writeFile(file, `${JSON.stringify(sandbox.description, null, 2)}\n`, { mode: 0o600 });

if (process.connected) {
  process.send?.(sandbox.description);
} else {
  process.stdout.write(shellExports(environmentOf(sandbox.description)));
  process.stderr.write(
    `\nTwo clouds are running; all about them is in ${path.relative('.', file)}. Ctrl-C ends them.\n`,
  );
}

await ended;
await rm(file, { force: true });
await sandbox.stop();
await rmdir(values.folder).catch(() => undefined); // something else may lie there
process.exit();
