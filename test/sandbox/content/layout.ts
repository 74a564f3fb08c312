import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { manifestsOf } from './artifact.ts';
import type { Artifact } from './artifact.ts';
import { describeBlob } from './blob.ts';

/**
 * Writes an artifact as an OCI image layout, the form in which other tools read content from disk (OCI image spec 1.1, "Image
 * Layout").
 * @param folder is created
 * @param tag its name in the layout
 */
export async function writeLayout(folder: string, artifact: Artifact, tag: string): Promise<void> {
  const blobs = path.join(folder, 'blobs', 'sha256');
  await mkdir(blobs, { recursive: true });
  const all = manifestsOf(artifact).flatMap((each) => [each.manifest, ...each.blobs]);
  for (const blob of new Map(all.map((each) => [each.digest, each])).values()) {
    await pipeline(blob.open(), createWriteStream(path.join(blobs, blob.digest.replace('sha256:', ''))));
  }
  const annotations = { 'org.opencontainers.image.ref.name': tag };
  const index = { schemaVersion: 2, manifests: [{ ...describeBlob(artifact.manifest), annotations }] };
  await writeFile(path.join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  await writeFile(path.join(folder, 'index.json'), JSON.stringify(index));
}
