import { describe, expect, it } from '@jest/globals';
import { checkBlob } from '../../../../src/transfer/handoff/commit-blob.ts';
import { unlimited } from '../ports/clock.fixture.ts';
import { expectedOf, failureId, scene } from './copy-blob.fixture.ts';

const BYTES = Buffer.from('the content of a transfer blob');
const OTHER = Buffer.from('the content of another blob 12');
const EXPECTED = expectedOf(BYTES);

/** A blob at the target, before it is hashed. */
function atTarget() {
  const { target, cross, clock } = scene({ at: null });
  const nothing = (): undefined => undefined;
  const stageContext = { clock, signal: unlimited(), onProgress: nothing, onNote: nothing, onRun: nothing };
  return { target, blob: { target, name: 'a.tar', copyContext: cross(), stageContext } };
}

describe('checkBlob', () => {
  it('returns the ETag of the bytes that it has hashed', async () => {
    const { target, blob } = atTarget();
    target.put('a.tar', BYTES);
    const { etag } = target.blobs.get('a.tar')!.facts;

    expect(await checkBlob(blob, EXPECTED)).toEqual({ etag });
  });

  it.each([
    { name: 'the blob of the manifest', at: { bytes: BYTES }, id: null },
    { name: 'a missing blob', at: null, id: 'ACRT5001' },
    { name: 'another blob', at: { bytes: OTHER }, id: 'ACRT5002' },
    { name: 'a blob without MD5', at: { bytes: BYTES, facts: { md5: null } }, id: 'ACRT5002' },
    { name: 'other bytes with its MD5', at: { bytes: OTHER, facts: { md5: EXPECTED.md5 } }, id: 'ACRT5002' },
  ])('$name: $id', async ({ at, id }) => {
    const { target, blob } = atTarget();
    if (at !== null) target.put('a.tar', at.bytes, at.facts);
    const found = await failureId(checkBlob(blob, EXPECTED));

    expect(found).toBe(id);
  });
});
