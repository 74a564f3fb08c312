/** Packs an entry and everything that it imports into chunks. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { EXCLUDED, EXCLUDED_MODULE } from './excluded.ts';

/** The part of ncc's API that is used here. It has no types. */
type Ncc = (
  entry: string,
  options: {
    readonly externals: Readonly<Record<string, string>>;
    readonly sourceMapRegister: boolean;
    readonly quiet: boolean;
  },
) => Promise<{
  readonly code: string;
  readonly assets: Readonly<Record<string, { readonly source: string | Buffer }>>;
  readonly stats: { readonly toJson: () => object };
}>;

/**
 * Packs an entry into a folder.
 * @param stats path for webpack's statistics, which list the packed modules
 */
export async function pack(entry: string, folder: string, stats: string): Promise<void> {
  const ncc = createRequire(import.meta.url)('@vercel/ncc') as Ncc;
  const packed = await ncc(entry, {
    externals: Object.fromEntries(Object.keys(EXCLUDED).map((name) => [name, `./${EXCLUDED_MODULE}`])),
    sourceMapRegister: false,
    quiet: true,
  });
  const files = {
    'index.js': packed.code,
    ...Object.fromEntries(Object.entries(packed.assets).map(([name, { source }]) => [name, source])),
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  mkdirSync(dirname(stats), { recursive: true });
  writeFileSync(stats, JSON.stringify(packed.stats.toJson()));
}
