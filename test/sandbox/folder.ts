/** The folder of a sandbox process, with its description for clients. */
import path from 'node:path';

/** The default folder. */
export const DEFAULT_FOLDER = path.join(import.meta.dirname, '..', '..', '.sandbox');

/** The description. It exists while the sandbox runs. */
export const DESCRIPTION_FILE = 'sandbox.json';
