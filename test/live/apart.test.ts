import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { MANIFEST, RECEIPT } from '../../src/transfer/documents/schemas.ts';
import { documentAt, methodOf, shownIds, smallImage } from '../e2e/place.ts';
import { describeLive } from './live.fixture.ts';
import type { LivePlace } from './place.ts';

/** Exports two artifacts in two batches. Resolves to the expected digests. */
async function exported({ named, push, inputsOf, step }: LivePlace, name: string): Promise<readonly string[]> {
  const { repository, transfer } = named(name);
  const images = { v1: await smallImage(`${transfer} 1`), v2: await smallImage(`${transfer} 2`) };
  const lines = await push('source', repository, images);
  const inputs = { mode: 'export', artifacts: lines.join('\n'), 'transfer-name': transfer };
  const result = await step({ ...inputs, 'max-artifacts-per-run': '1', ...inputsOf('source') });
  expect(shownIds(result)).toEqual([]);
  expect(result.outputs).toMatchObject({ status: 'succeeded', transferred: '2', receipt: '' });
  const { batches } = documentAt(MANIFEST, result.outputs['manifest']);
  expect(batches).toHaveLength(2);
  // Without it, no source trigger sees the blob.
  expect(batches.map(({ blob }) => blob.metadata)).toEqual(batches.map(() => ({ category: 'acr-transfer-blob' })));
  return Object.values(images).map(({ manifest }) => manifest.digest);
}

/** Imports the handed-off blobs, and expects exactly these artifacts. */
async function imported({ named, inputsOf, step }: LivePlace, name: string, digests: readonly string[]): Promise<void> {
  const inputs = { mode: 'import', 'transfer-name': named(name).transfer };
  const result = await step({ ...inputs, ...inputsOf('target') });
  expect(shownIds(result)).toEqual([]);
  expect(result.outputs).toMatchObject({ status: 'succeeded', selected: '2', transferred: '2' });
  const { artifacts } = documentAt(RECEIPT, result.outputs['receipt']);
  expect(artifacts.map(({ digest }) => digest)).toEqual(digests);
  expect(artifacts.map(({ outcome }) => outcome)).toEqual(['verified', 'verified']);
}

describeLive('export, handoff and import as steps of their own', (place) => {
  it.each(['server', 'stream'])('copy with the method %s, once only', async (method) => {
    const { named, inputsOf, step } = place();
    const digests = await exported(place(), method);
    const names = { mode: 'handoff', 'transfer-name': named(method).transfer, 'handoff-method': method };
    const handoff = { ...names, ...inputsOf('source'), ...inputsOf('target') };
    const result = await step(handoff);
    expect(shownIds(result)).toEqual([]);
    expect(result.outputs).toMatchObject({ status: 'succeeded', transferred: '2' });
    expect(methodOf(result)).toBe(method);
    expect((await step(handoff)).outputs).toMatchObject({ status: 'nothing-to-do', bytes: '0', skipped: '2' });
    await imported(place(), method, digests);
  });

  it('copy through files in a directory', async () => {
    const { named, inputsOf, step, workspace } = place();
    const digests = await exported(place(), 'media');
    const handoff = { mode: 'handoff', 'transfer-name': named('media').transfer };
    const out = await step({ ...handoff, 'target-container': './media', ...inputsOf('source') });
    expect(shownIds(out)).toEqual([]);
    expect(out.outputs).toMatchObject({ status: 'succeeded', transferred: '2' });
    expect(existsSync(join(workspace, 'media', 'SHA256SUMS'))).toBe(true);
    const back = await step({ ...handoff, 'source-container': './media', ...inputsOf('target') });
    expect(shownIds(back)).toEqual([]);
    expect(back.outputs).toMatchObject({ status: 'succeeded', transferred: '2' });
    await imported(place(), 'media', digests);
  });
});
