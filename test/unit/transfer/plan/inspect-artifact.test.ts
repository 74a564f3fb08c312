import { describe, expect, it } from '@jest/globals';
import type { Reference } from '../../../../src/transfer/model/reference.ts';
import { inspectArtifact, totalBytes } from '../../../../src/transfer/plan/inspect-artifact.ts';
import { digestOf, image, index, memoryRegistry } from '../ports/registry.fixture.ts';

const REFERENCE: Reference = { kind: 'tag', repository: 'team/api', tag: 'v1' };
const amd = image('amd64', ['base', 'amd64 layer']);
const arm = image('arm64', ['base', 'arm64 layer']);

describe('inspectArtifact', () => {
  it('reads an image by its tag or digest', async () => {
    const registry = memoryRegistry('source.azurecr.io');
    registry.push('team/api', amd, 'v1');
    const byDigest: Reference = { kind: 'digest', repository: 'team/api', digest: amd.digest };

    expect(await inspectArtifact(registry, byDigest)).toEqual(await inspectArtifact(registry, REFERENCE));
    expect(await inspectArtifact(registry, REFERENCE)).toMatchObject({ digest: amd.digest, children: [] });
  });

  it('reads every manifest below an index, and counts shared content once', async () => {
    const registry = memoryRegistry('source.azurecr.io');
    const nested = index('nested', [arm]);
    const top = index('top', [amd, nested]);
    for (const manifest of [amd, arm, nested]) registry.push('team/api', manifest);
    registry.push('team/api', top, 'v1');

    const found = await inspectArtifact(registry, REFERENCE);

    expect(new Set(found?.children)).toEqual(new Set([amd.digest, nested.digest, arm.digest]));
    // Two indexes, two manifests, two configs, and three layers, one of them shared.
    expect(totalBytes(found?.content ?? [])).toBe(2 * 50 + 2 * 100 + 2 * 10 + 3 * 1000);
  });

  it('lists a manifest once if an index lists it twice', async () => {
    const registry = memoryRegistry('source.azurecr.io');
    registry.push('team/api', amd);
    registry.push('team/api', index('top', [amd, amd]), 'v1');

    expect((await inspectArtifact(registry, REFERENCE))?.children).toEqual([amd.digest]);
  });

  it("is null if the artifact doesn't exist", async () => {
    expect(await inspectArtifact(memoryRegistry('source.azurecr.io'), REFERENCE)).toBeNull();
  });

  it("names a manifest that an index lists and that doesn't exist, at any level", async () => {
    const registry = memoryRegistry('source.azurecr.io');
    const nested = index('nested', [amd]);
    registry.push('team/api', nested);
    registry.push('team/api', index('top', [nested]), 'v1');

    await expect(inspectArtifact(registry, REFERENCE)).rejects.toMatchObject({
      facts: { id: 'ACRT6003', message: expect.stringContaining(amd.digest) },
    });
  });

  /** An image below this many nested indexes. The outermost has the tag. */
  function nested(levels: number): ReturnType<typeof memoryRegistry> {
    const registry = memoryRegistry('source.azurecr.io');
    let top = amd;
    for (let level = 1; level <= levels; level += 1) {
      registry.push('team/api', top);
      top = index(`level ${level}`, [top]);
    }
    registry.push('team/api', top, 'v1');
    return registry;
  }

  it('reads five nested indexes, and the image below them', async () => {
    const found = await inspectArtifact(nested(5), REFERENCE);

    expect(found?.children).toHaveLength(5);
    expect(found?.children).toContain(amd.digest);
  });

  it('rejects a sixth level', async () => {
    await expect(inspectArtifact(nested(6), REFERENCE)).rejects.toMatchObject({
      facts: { id: 'ACRT6004', message: expect.stringContaining('more than 5 levels deep') },
    });
  });

  it('never ignores manifests below the deepest level', async () => {
    const registry = memoryRegistry('source.azurecr.io');
    let top = index('level 0', [amd]);
    for (let level = 1; level <= 8; level += 1) {
      registry.push('team/api', top);
      top = index(`level ${level}`, [top]);
    }
    registry.push('team/api', top, 'v1');

    // The image at the bottom is missing, so the artifact is incomplete.
    await expect(inspectArtifact(registry, REFERENCE)).rejects.toHaveProperty('facts');
  });
});

describe('totalBytes', () => {
  it('counts each digest once', () => {
    const content = [
      { digest: digestOf('a'), size: 5 },
      { digest: digestOf('b'), size: 7 },
      { digest: digestOf('a'), size: 5 },
    ];

    expect(totalBytes(content)).toBe(12);
  });
});
