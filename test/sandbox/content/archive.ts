import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import type { Header } from 'tar-stream';

/** A file of an archive. */
export interface ArchiveFile {
  readonly name: string;
  readonly content: Buffer;
}

/** The same files always give the same archive. */
const header = (name: string, size: number): Partial<Header> & Pick<Header, 'name'> => ({
  name,
  size,
  mode: 0o755,
  mtime: new Date(0),
});

/** A tar of files in memory. */
export async function tarOf(files: readonly ArchiveFile[]): Promise<Buffer> {
  const tar = pack();
  for (const { name, content } of files) tar.entry(header(name, content.length), content);
  tar.finalize();
  return Buffer.concat((await Readable.from(tar).toArray()) as Buffer[]);
}

/**
 * A tar of one file on disk, as a function that opens it. Every stream has the same bytes.
 * @param file absolute path; must not change
 */
export async function tarOfFile(file: string): Promise<() => Readable> {
  const { size } = await stat(file);
  return () => {
    const tar = pack();
    const entry = tar.entry(header(`usr/local/bin/${path.basename(file)}`, size));
    pipeline(createReadStream(file), entry).then(
      () => {
        tar.finalize();
      },
      (error: unknown) => {
        tar.destroy(error as Error);
      },
    );
    return Readable.from(tar, { objectMode: false });
  };
}
