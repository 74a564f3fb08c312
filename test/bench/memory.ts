import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { ContainerClient } from '@azure/storage-blob';
import { runStep, sandboxEnvironment } from '../e2e/runner.ts';
import { spawnSandbox } from '../sandbox/client.ts';
import type { SandboxDescription } from '../sandbox/description.ts';
import { randomContent } from '../seed.ts';
import { round } from './measure.ts';

const MEBIBYTE = 1024 * 1024;
const BLOCK_BYTES = 16 * MEBIBYTE;
const BLOCKS = 128;
const BLOB = 'large.tar';

/** Puts a blob of 2 GiB into the source container, with the Content-MD5 and the metadata of an export. */
async function putLargeBlob({ source, caFile }: SandboxDescription): Promise<void> {
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(caFile, 'utf8')]);
  const { containerUri, containerSas } = source.storage;
  const blob = new ContainerClient(`${containerUri}?${containerSas}`).getBlockBlobClient(BLOB);
  const whole = createHash('md5');
  const ids: string[] = [];
  const bytes = randomContent('bench memory')(BLOCK_BYTES);
  for (let index = 0; index < BLOCKS; index += 1) {
    bytes.writeUInt32BE(index);
    whole.update(bytes);
    const id = Buffer.from(String(index).padStart(6, '0')).toString('base64');
    const transactionalContentMD5 = createHash('md5').update(bytes).digest();
    await blob.stageBlock(id, bytes, bytes.length, { transactionalContentMD5 });
    ids.push(id);
  }
  await blob.commitBlockList(ids, {
    blobHTTPHeaders: { blobContentMD5: whole.digest() },
    metadata: { category: 'acr-transfer-blob' },
  });
}

/** The memory of one streamed handoff of 2 GiB. */
export async function benchMemory() {
  const folder = mkdtempSync(join(tmpdir(), 'acr-transfer-memory-'));
  const sandbox = await spawnSandbox();
  try {
    const { description } = sandbox;
    const { source, target } = description;
    await putLargeBlob(description);
    const since = performance.now();
    const { outputs, peakRss } = await runStep(
      {
        mode: 'handoff',
        blobs: BLOB,
        'source-container': source.storage.containerUri,
        'target-container': target.storage.containerUri,
        'source-sas': source.storage.containerSas,
        'target-sas': target.storage.containerSas,
      },
      { folder, env: sandboxEnvironment(description) },
    );
    const seconds = (performance.now() - since) / 1000;
    const bytes = Number(outputs['bytes']);
    return {
      status: outputs['status'] ?? '',
      bytes,
      blobBytes: BLOCKS * BLOCK_BYTES,
      peakRssMb: round(peakRss / 1_000_000, 1),
      seconds: round(seconds, 1),
      mibPerSecond: round(bytes / MEBIBYTE / seconds, 1),
    };
  } finally {
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Figures of the bench. */
export type MemoryFigures = Awaited<ReturnType<typeof benchMemory>>;
