import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Limit for all code of the bundle. The entries share one bundle, so no entry can load more. */
export const MAX_BUNDLE_BYTES = 1_900_000;

/** Bytes of all the code of a bundle. */
export function bundleBytes(folder: string): number {
  const scripts = readdirSync(folder).filter((file) => file.endsWith('.js'));
  return scripts.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
}

/** As in messages: 1.43. */
export const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(2);

/** The problems with the size of a bundle. */
export function sizeFindings(folder: string): readonly string[] {
  const bytes = bundleBytes(folder);
  return bytes <= MAX_BUNDLE_BYTES
    ? []
    : [`The code of the bundle has ${bytes} bytes; at most ${MAX_BUNDLE_BYTES} are allowed`];
}
