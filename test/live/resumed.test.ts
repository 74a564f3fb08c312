import { setTimeout as after } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { writeDocument } from '../../src/transfer/documents/codec.ts';
import { REPORT } from '../../src/transfer/documents/report-schema.ts';
import type { ManifestDocument } from '../../src/transfer/documents/schemas.ts';
import { manifestName } from '../../src/transfer/model/names.ts';
import type { Side } from '../../src/transfer/model/side.ts';
import { documentAt, outcomesOf, shownIds, smallImage } from '../e2e/place.ts';
import type { Inputs, StepResult } from '../e2e/runner.ts';
import { describeLive } from './live.fixture.ts';
import type { LivePlace } from './place.ts';

const IMPORT_RUN = /import → (import[\da-f]{32})/;

const LOOK_MILLISECONDS = 200;

/** Runs a step, and kills it while its import is in progress. Resolves to the name of the import run. */
async function loseRunner({ step, run }: LivePlace, inputs: Inputs): Promise<{ lost: StepResult; name: string }> {
  const killed = new AbortController();
  const told = Promise.withResolvers<string>();
  const losing = step(inputs, {
    killed: killed.signal,
    onLine: (line) => {
      const name = IMPORT_RUN.exec(line)?.[1];
      if (name !== undefined) told.resolve(name);
    },
  }).finally(() => {
    told.resolve('');
  });
  const name = await told.promise;
  // The setting is read before it is needed.
  while (name !== '' && (await run('target', name)) === null) await after(LOOK_MILLISECONDS);
  killed.abort();
  return { lost: await losing, name };
}

/** Older than any transfer of this action, and than any value of `cleanup`. */
const LONG_AGO = '2010-01-01T00:00:00.000Z';
const DAYS = '3650';

/** Writes a blob and a manifest of an old transfer to a container. Resolves to their names. */
async function leaveOld({ containers }: LivePlace, side: Side, transferName: string): Promise<readonly string[]> {
  const name = `${transferName}-0123456789abcdef.tar`;
  await containers[side].writeText(name, '"content of an earlier transfer"');
  const blob = await containers[side].find(name);
  if (blob?.md5 == null) throw new Error(`${name} is not there, or has no Content-MD5`);
  const { size, md5, contentType, metadata } = blob;
  const manifest: ManifestDocument = {
    kind: 'acr-transfer/manifest',
    version: 1,
    transferName,
    createdAt: LONG_AGO,
    registry: 'registry.example.com',
    target: null,
    provenance: null,
    batches: [{ blob: { name, size, md5, contentType, metadata }, exportRun: 'export1', artifacts: [] }],
    missing: [],
  };
  await containers[side].writeText(manifestName(transferName), writeDocument(manifest));
  return [name, manifestName(transferName)];
}

describeLive('what goes on after a step', (place) => {
  it('is resumed by a second attempt after the runner was lost, and imported once', async () => {
    const { named, push, both, step, run } = place();
    const { repository, transfer } = named('killed');
    const lines = await push('source', repository, { v1: await smallImage(transfer) });
    const inputs = { ...both, artifacts: lines.join('\n'), 'transfer-name': transfer };
    const { lost, name } = await loseRunner(place(), inputs);
    expect(name).toMatch(/^import/);
    // It was killed and didn't end by itself.
    expect(lost.exitCode).toBeNull();
    const before = await run('target', name);
    const result = await step(inputs);
    expect(shownIds(result)).toEqual([]);
    expect(['succeeded', 'nothing-to-do']).toContain(result.outputs['status']);
    expect(['verified', 'present']).toContain(outcomesOf(result)[`${repository}:v1`]);
    // A repeated run has another start time.
    const now = await run('target', name);
    expect(now?.state.kind).toBe('succeeded');
    expect(now?.startedAt).toBe(before?.startedAt);
    const [batch] = documentAt(REPORT, result.outputs['report']).batches;
    expect([null, name]).toContain(batch?.runs.import?.split('/').at(-1) ?? null);
  });

  it('is removed by cleanup when it is old, and nothing else', async () => {
    const { named, push, both, step, blobs } = place();
    const { repository, transfer } = named('cleanup');
    const old = await leaveOld(place(), 'source', `${transfer}-old`);
    await leaveOld(place(), 'target', `${transfer}-old`);
    const lines = await push('source', repository, { v1: await smallImage(transfer) });
    const result = await step({ ...both, artifacts: lines.join('\n'), 'transfer-name': transfer, cleanup: DAYS });
    expect(shownIds(result)).toEqual([]);
    const { cleanup } = documentAt(REPORT, result.outputs['report']);
    expect(cleanup.map(({ side }) => side)).toEqual(['source', 'target']);
    for (const side of ['source', 'target'] as const) {
      const left = await blobs(side);
      expect(left.filter((name) => old.includes(name))).toEqual([]);
      expect(left).toContain(manifestName(transfer));
    }
  });
});
