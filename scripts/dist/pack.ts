/** Packs the entries and everything that they import into chunks. */
import { writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { build, type OutputChunk, type Plugin } from 'rolldown';
import { EXCLUDED, EXCLUDED_MODULE, excludedModule } from './excluded.ts';

/** The files that Node starts, by their names in the bundle. They share all other chunks. */
const ENTRIES = {
  index: 'src/main.ts',
  setup: 'src/setup.ts',
  post: 'src/post.ts',
  'hash-worker': 'src/hashing/worker.ts',
} as const;

/** Replaces excluded packages by the module that fails when one of them is used. */
const exclude: Plugin = {
  name: 'exclude',
  resolveId: (id) => (id in EXCLUDED ? { id: `./${EXCLUDED_MODULE}`, external: true } : null),
};

/** Files of all modules in the chunks, relative to the root, with slashes. */
const filesOf = (root: string, chunks: readonly OutputChunk[]): readonly string[] => {
  const paths = chunks.flatMap(({ moduleIds }) => moduleIds.map((id) => relative(root, id).split(sep).join('/')));
  return [...new Set(paths)].sort();
};

/**
 * Packs both actions, the post step and the hash worker into a folder. The same sources give the same bytes.
 * @returns the files whose code is in the bundle, relative to the root
 */
export async function pack(root: string, folder: string): Promise<readonly string[]> {
  const { output } = await build({
    cwd: root,
    input: Object.fromEntries(Object.entries(ENTRIES).map(([name, path]) => [name, join(root, path)])),
    platform: 'node',
    plugins: [exclude],
    output: {
      dir: folder,
      cleanDir: true,
      minify: true,
      comments: { legal: false },
      // Without a hash, so that the history of a chunk has one name.
      chunkFileNames: '[name].js',
    },
  });
  writeFileSync(join(folder, EXCLUDED_MODULE), excludedModule());
  writeFileSync(join(folder, 'package.json'), '{\n  "type": "module"\n}\n');
  return filesOf(
    root,
    output.filter((file) => file.type === 'chunk'),
  );
}
