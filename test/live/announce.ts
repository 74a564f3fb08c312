/** Runs once before the live suite: says what is missing, or what is wrong, in lines that need no reading between. */
import { readLiveSettings } from './settings.ts';

function announce(): void {
  const reading = readLiveSettings(process.env);
  if (reading.kind === 'absent') {
    process.stderr.write(['The live suite is skipped:', ...reading.lines, ''].join('\n'));
  }
  if (reading.kind !== 'wrong') return;
  const error = new Error(['the live suite cannot start:', ...reading.lines].join('\n'));
  // The stack doesn't help: it only leads to this function.
  error.stack = error.message;
  throw error;
}

// Jest takes the default export.
export { announce as default };
