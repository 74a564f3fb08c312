/** Runs once before the live suite. Reports missing or invalid settings. */
import { readLiveSettings } from './settings.ts';

function announce(): void {
  const reading = readLiveSettings(process.env);
  if (reading.kind === 'absent') {
    process.stderr.write(['The live suite is skipped:', ...reading.lines, ''].join('\n'));
  }
  if (reading.kind !== 'wrong') return;
  const error = new Error(['the live suite cannot start:', ...reading.lines].join('\n'));
  // The stack only contains this function.
  error.stack = error.message;
  throw error;
}

// Jest requires the default export.
export { announce as default };
