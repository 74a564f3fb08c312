/** A medium with many small blobs, and the step that copies them into a container. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDocument } from '../../src/transfer/documents/codec.ts';
import type { ManifestDocument } from '../../src/transfer/documents/schemas.ts';
import { CATEGORY, openContainers } from './containers.ts';
import type { StepResult } from './runner.ts';
import type { Scene } from './scene.ts';

const nameOf = (index: number): string => `many/batch-${String(index).padStart(5, '0')}.tar`;
const contentOf = (index: number): string => `content of batch ${index}`;

type Batch = ManifestDocument['batches'][number];

function batchOf(index: number): Batch {
  const text = contentOf(index);
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  return {
    blob: {
      name: nameOf(index),
      size: text.length,
      md5: createHash('md5').update(text).digest('base64'),
      contentType: 'application/x-tar',
      metadata: CATEGORY,
    },
    exportRun: `export${index}`,
    artifacts: [
      {
        reference: `team/app:v${index}`,
        digest,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        size: text.length,
        children: [],
        subject: null,
      },
    ],
  };
}

/** A medium in the form that a handoff writes. */
function fillMedium(folder: string, blobs: number): void {
  mkdirSync(join(folder, 'many'), { recursive: true });
  const batches = Array.from({ length: blobs }, (_, index) => batchOf(index));
  for (const index of batches.keys()) writeFileSync(join(folder, nameOf(index)), contentOf(index));
  const manifest: ManifestDocument = {
    kind: 'acr-transfer/manifest',
    version: 1,
    transferName: 'many',
    createdAt: new Date().toISOString(),
    registry: 'source.example.com',
    target: null,
    provenance: null,
    batches,
    missing: [],
  };
  writeFileSync(join(folder, 'many.transfer.json'), writeDocument(manifest));
}

/** The result for many small blobs. */
export interface ManyHandedOff {
  readonly result: StepResult;
  /** Blobs in the container with the expected MD5. */
  readonly arrived: number;
}

/** Hands off small blobs from a directory to the target's container, and counts the blobs that arrived intact. */
export async function handOffMany(scene: Scene, blobs: number): Promise<ManyHandedOff> {
  const { containerUri, containerSas } = scene.clouds.target.storage;
  fillMedium(join(scene.workspace, 'medium'), blobs);
  const result = await scene.step({
    mode: 'handoff',
    'transfer-name': 'many',
    'source-container': './medium',
    'target-container': containerUri,
    'target-sas': containerSas,
  });
  const expected = new Map(Array.from({ length: blobs }, (_, index) => [nameOf(index), batchOf(index).blob.md5]));
  let arrived = 0;
  for await (const { name, properties } of openContainers(scene).client('target').listBlobsFlat({ prefix: 'many/' })) {
    const md5 = Buffer.from(properties.contentMD5 ?? []).toString('base64');
    if (expected.get(name) === md5) arrived += 1;
  }
  return { result, arrived };
}
