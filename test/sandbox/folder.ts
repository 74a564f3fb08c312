/** Where a sandbox that runs as a process keeps what it has, and tells others about itself. */
import path from 'node:path';

/** Unless another is named. */
export const DEFAULT_FOLDER = path.join(import.meta.dirname, '..', '..', '.sandbox');

/** The description, in that folder, as long as the sandbox runs. */
export const DESCRIPTION_FILE = 'sandbox.json';
