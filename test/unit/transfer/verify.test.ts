import { describe, expect, it } from '@jest/globals';
import pLimit from 'p-limit';
import { failure } from '../../../src/transfer/failure.ts';
import type { Artifact } from '../../../src/transfer/artifact.ts';
import type { Manifest, Registry } from '../../../src/transfer/services.ts';
import { verifyArtifacts } from '../../../src/transfer/verify.ts';
import { image, index, memoryRegistry } from './registry.ts';

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

const ids = async (registry: Registry, artifacts: readonly Artifact[]): Promise<(string | null)[]> =>
  (await verifyArtifacts(registry, artifacts, pLimit(16))).map((fault) => fault?.facts.id ?? null);

describe('verifyArtifacts', () => {
  it('judges every artifact on its own, in order', async () => {
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
          ? Promise.reject(failure('ACRT6004', { registry: registry.loginServer, reference: 'x', reason: 'HTTP 403' }))
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

  it('says what is there and what should be', async () => {
    const registry = memoryRegistry('target.azurecr.us');
    registry.push('moved', two, 'v1');
    const [fault] = await verifyArtifacts(registry, [artifact('moved', one)], pLimit(16));

    expect(fault?.facts.message).toMatch(/^moved:v1 in target\.azurecr\.us/);
    expect(fault?.facts.message).toContain(two.digest);
    expect(fault?.facts.message).toContain(one.digest);
  });

  it('accepts an index only with all that it lists', async () => {
    const registry = memoryRegistry('target.azurecr.us');
    const multi = index('multi', [one, two]);
    for (const manifest of [one, two]) registry.push('whole', manifest);
    registry.push('whole', multi, 'v1');

    expect(await ids(registry, [artifact('whole', multi)])).toEqual([null]);
  });

  it('asks for a bounded number of artifacts at a time', async () => {
    const registry = memoryRegistry('target.azurecr.us');
    registry.push('many', one, 'v1');
    const artifacts = Array.from({ length: 200 }, () => artifact('many', one));

    await verifyArtifacts(registry, artifacts, pLimit(16));

    expect(registry.mostAtATime()).toBe(16);
  });
});
