import { expect } from '@jest/globals';
import { smallImage, type Place } from '../place.ts';

/** A second attempt of a workflow run transfers nothing, reports that, and succeeds. */
export async function repeatsNothing({ named, push, both, step }: Place): Promise<void> {
  const { repository, transfer } = named('again');
  const lines = await push('source', repository, { v1: await smallImage(`again ${repository}`) });
  const inputs = { ...both, artifacts: lines.join('\n'), 'transfer-name': transfer };
  const first = await step(inputs);
  const second = await step(inputs);
  expect(first.outputs).toMatchObject({ status: 'succeeded', changed: 'true', transferred: '1', skipped: '0' });
  expect(second.outputs).toMatchObject({ status: 'nothing-to-do', changed: 'false', transferred: '0', skipped: '1' });
  expect(second.exitCode).toBe(0);
  expect(second.outputs['blobs']).toBe(first.outputs['blobs']);
}
