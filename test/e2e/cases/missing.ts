import { expect } from '@jest/globals';
import { smallImage, type Place } from '../place.ts';
import { expectRed } from '../red.ts';

const NO_DIGEST = `sha256:${'0'.repeat(64)}`;

/** Reports a missing tag, digest and repository together, with their lines, before anything starts. */
export async function namesAllThatIsMissing({ named, push, both, step, blobs }: Place): Promise<void> {
  const { repository, transfer } = named('present');
  const lines = await push('source', repository, { v1: await smallImage(`present ${repository}`) });
  const missing = [`${repository}:v9`, `${repository}@${NO_DIGEST}`, `${named('nowhere').repository}:v1`];
  const artifacts = [...lines, ...missing].join('\n');
  const result = await step({ ...both, artifacts, 'transfer-name': transfer });
  expectRed(result, ['ACRT3005', 'ACRT3005', 'ACRT3005']);
  missing.forEach((reference, index) => {
    expect(result.log).toContain(`${reference} (line ${index + 2})`);
  });
  expect(result.outputs).toMatchObject({ selected: '4', transferred: '0', blobs: '[]' });
  expect((await blobs('target')).filter((name) => name.startsWith(transfer))).toEqual([]);
}
