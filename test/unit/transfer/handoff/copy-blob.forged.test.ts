/** Forgeries of a writer of the container: properties, uncommitted blocks, and the blob between two steps. */
import { describe, expect, it } from '@jest/globals';
import type { BlobFacts } from '../../../../src/transfer/model/blob.ts';
import { troubled, type Call } from '../ports/faulty-container.fixture.ts';
import { BLOCK, CATEGORY, CONTENT, expectedOf, failureId, scene, type Scene } from './copy-blob.fixture.ts';

const EXPECTED = expectedOf(CONTENT);
const FORGED = Buffer.from(CONTENT.toReversed());
const GENUINE_FACTS: Partial<BlobFacts> = { md5: EXPECTED.md5, metadata: CATEGORY };

const etagOf = ({ target }: Scene): string | undefined => target.blobs.get('a.tar')?.facts.etag;

describe('a blob at the target with the expected size, MD5 property and metadata', () => {
  it('A3: is up to date if its bytes are the same', async () => {
    const made = scene({ at: { bytes: CONTENT }, there: { bytes: CONTENT, facts: GENUINE_FACTS } });
    const { outcome, seen } = await made.handOff(EXPECTED);

    expect([outcome, seen.etag]).toEqual(['skipped', etagOf(made)]);
    expect(made.hashing.hashed()).toBe(CONTENT.length);
  });

  it('A3: is another blob if its bytes differ', async () => {
    const { target, arrived, handOff } = scene({
      at: { bytes: CONTENT },
      there: { bytes: FORGED, facts: GENUINE_FACTS },
    });

    expect(await failureId(handOff(EXPECTED))).toBe('ACRT5009');
    expect(arrived()?.equals(FORGED)).toBe(true);
    expect(target.calls.filter((call) => call.startsWith('describe'))).toEqual([]);
  });

  it('A3: is replaced with overwrite if its bytes differ', async () => {
    const made = scene({
      at: { bytes: CONTENT },
      there: { bytes: FORGED, facts: GENUINE_FACTS },
      part: { overwrite: true },
    });
    const { outcome, seen } = await made.handOff(EXPECTED);

    expect([outcome, seen]).toEqual(['done', { etag: etagOf(made) }]);
    expect(made.arrived()?.equals(CONTENT)).toBe(true);
  });

  it('A3: is not accepted as the own blob after a lost response', async () => {
    const { target, handOff } = scene({ at: { bytes: CONTENT } });
    const commit = (): Promise<null> => {
      target.put('a.tar', FORGED, GENUINE_FACTS);
      return Promise.resolve(null);
    };

    expect(await failureId(handOff(EXPECTED, { containers: { target: { ...target, commit } } }))).toBe('ACRT5009');
  });
});

describe('blocks of an earlier attempt', () => {
  /** An attempt that was killed before its commit. */
  async function killedBeforeCommit(): Promise<Scene> {
    const made = scene({ at: { bytes: CONTENT } });
    const before = ({ kind }: Call): void => {
      if (kind === 'commit') throw new Error('killed');
    };
    const target = troubled(made.target, { before });
    await expect(made.handOff(EXPECTED, { containers: { target } })).rejects.toThrow();
    return made;
  }

  it('A3: are hashed after the commit, and the blob gets its category only then', async () => {
    const made = await killedBeforeCommit();
    const hashedBefore = made.hashing.hashed();
    const { handoff, seen } = await made.handOff(EXPECTED);

    expect(handoff).toMatchObject({ reused: CONTENT.length });
    expect(made.hashing.hashed() - hashedBefore).toBe(CONTENT.length);
    expect(made.target.blobs.get('a.tar')?.facts.metadata).toEqual(CATEGORY);
    expect(seen.etag).toBe(etagOf(made));
    const kinds = made.target.calls.map((call) => call.split(' ')[0]);
    expect(kinds.lastIndexOf('read')).toBeGreaterThan(kinds.lastIndexOf('commit'));
    expect(kinds.at(-1)).toBe('describe');
  });

  it('A3: are refused if another writer has replaced one of them', async () => {
    const made = await killedBeforeCommit();
    const [{ id } = { id: '' }] = await made.target.arrived('a.tar');
    made.target.blocks.keep('a.tar', id, Buffer.alloc(BLOCK, 1));

    expect(await failureId(made.handOff(EXPECTED))).toBe('ACRT5009');
    expect(made.target.blobs.get('a.tar')?.facts.metadata).toEqual({});
  });
});

describe('a source blob', () => {
  it('A4: must have the ETag of its export', async () => {
    const { source, handOff } = scene({ at: { bytes: CONTENT } });
    const sourceEtag = source.blobs.get('a.tar')!.facts.etag;
    source.put('a.tar', FORGED, GENUINE_FACTS);

    expect(await failureId(handOff(EXPECTED, { sourceEtag }))).toBe('ACRT5003');
  });
});
