import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** design: a bundle of at most 3 MB. All entries share one, so it is also the most that any of them can load. */
export const MAX_BUNDLE_BYTES = 3_000_000;

/** Bytes of all the code of a bundle. */
export function bundleBytes(folder: string): number {
  const scripts = readdirSync(folder).filter((file) => file.endsWith('.js'));
  return scripts.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
}

/** What is wrong with the size of a bundle. */
export function sizeFindings(folder: string): readonly string[] {
  const bytes = bundleBytes(folder);
  return bytes <= MAX_BUNDLE_BYTES
    ? []
    : [`The code of the bundle has ${bytes} bytes; at most ${MAX_BUNDLE_BYTES} are allowed`];
}
