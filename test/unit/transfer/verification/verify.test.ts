import { describe, expect, it } from '@jest/globals';
import pLimit from 'p-limit';
import { transferError } from '../../../../src/transfer/errors/transfer-error.ts';
import { verifyArtifacts } from '../../../../src/transfer/verification/verify.ts';
import type { Artifact } from '../../../../src/transfer/model/artifact.ts';
import type { Manifest, Registry } from '../../../../src/transfer/ports/registry.ts';
import { fakeClock, unlimited } from '../ports/clock.fixture.ts';
import { image, index, memoryRegistry } from '../ports/registry.fixture.ts';

const one = image('one');
const two = image('two');

const artifact = (repository: string, manifest: Manifest): Artifact => ({
  reference: { kind: 'tag', repository, tag: 'v1' },
  digest: manifest.digest,
  mediaType: manifest.mediaType,
  size: 0,
  children: manifest.children,
  subject: manifest.subject,
});

const verify = (registry: Registry, artifacts: readonly Artifact[], fresh = false, clock = fakeClock()) =>
  verifyArtifacts(artifacts, { registry, limit: pLimit(16), fresh }, { clock, signal: unlimited() });

const ids = async (...[registry, artifacts, ...rest]: Parameters<typeof verify>): Promise<(string | null)[]> =>
  (await verify(registry, artifacts, ...rest)).map((fault) => fault?.facts.id ?? null);

describe('verifyArtifacts', () => {
  it('checks every artifact separately, in order', async () => {
    const registry = memoryRegistry('target.azurecr.us');
    const multi = index('multi', [one, two]);
    registry.push('good', one, 'v1');
    registry.push('moved', two, 'v1');
    registry.push('torn', multi, 'v1');
    registry.push('torn', one);
    const unreadable: Registry = {
      ...registry,
      manifest: (repository, name) =>
        repository === 'refused'
          ? Promise.reject(
              transferError('ACRT6004', { registry: registry.loginServer, reference: 'x', reason: 'HTTP 403' }),
            )
          : registry.manifest(repository, name),
    };
    const artifacts = [
      artifact('moved', one),
      artifact('good', one),
      artifact('missing', one),
      artifact('torn', multi),
      artifact('refused', one),
    ];

    expect(await ids(unreadable, artifacts)).toEqual(['ACRT6001', null, 'ACRT6002', 'ACRT6003', 'ACRT6004']);
  });

  it('reports the actual and the expected digest', async () => {
    const registry = memoryRegistry('target.azurecr.us');
    registry.push('moved', two, 'v1');
    const [fault] = await verify(registry, [artifact('moved', one)]);

    expect(fault?.facts.message).toMatch(/^moved:v1 in target\.azurecr\.us/);
    expect(fault?.facts.message).toContain(two.digest);
    expect(fault?.facts.message).toContain(one.digest);
  });

  it('accepts an index only with all manifests that it lists', async () => {
    const registry = memoryRegistry('target.azurecr.us');
    const multi = index('multi', [one, two]);
    for (const manifest of [one, two]) registry.push('whole', manifest);
    registry.push('whole', multi, 'v1');

    expect(await ids(registry, [artifact('whole', multi)])).toEqual([null]);
  });

  it('reads a limited number of artifacts at a time', async () => {
    const registry = memoryRegistry('target.azurecr.us');
    registry.push('many', one, 'v1');
    const artifacts = Array.from({ length: 200 }, () => artifact('many', one));

    await verify(registry, artifacts);

    expect(registry.mostAtATime()).toBe(16);
  });

  it('checks a recent import again, because a replica might be outdated', async () => {
    const registry = memoryRegistry('target.azurecr.us');
    registry.push('late', two, 'v1');
    const clock = fakeClock();
    const late: Registry = {
      ...registry,
      manifest: (repository, name) => {
        if (clock.slept.length === 2) registry.push('late', one, 'v1');
        return registry.manifest(repository, name);
      },
    };

    expect(await ids(late, [artifact('late', one)], true, clock)).toEqual([null]);
    expect(clock.slept).toEqual([0.5, 1]);
  });

  it.each([
    { name: 'a lasting mismatch', fresh: true, reads: 5 },
    { name: 'an earlier import', fresh: false, reads: 1 },
  ])('ends after $reads reads of $name', async ({ fresh, reads }) => {
    const registry = memoryRegistry('target.azurecr.us');
    registry.push('moved', two, 'v1');
    const clock = fakeClock();

    expect(await ids(registry, [artifact('moved', one)], fresh, clock)).toEqual(['ACRT6001']);
    expect(clock.slept).toHaveLength(reads - 1);
  });
});
