import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { toManifest } from '../../../../src/azure/registry/manifest.ts';
import type { Manifest } from '../../../../src/transfer/ports/registry.ts';
import { answerOf } from './transport.fixture.ts';

const OCI = 'application/vnd.oci.image.manifest.v1+json';

const part = (name: string, mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip') => ({
  digest: `sha256:${name}`,
  size: 10,
  mediaType,
});

const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

const read = (document: object, reference = 'v1', headers: Record<string, string> = {}): Manifest =>
  toManifest(answerOf(200, document, { 'content-type': OCI, ...headers }), reference);

describe('toManifest', () => {
  it('reads an image', () => {
    const document = {
      schemaVersion: 2,
      config: part('config'),
      layers: [part('a'), part('b')],
      subject: part('image'),
    };
    const text = JSON.stringify(document);
    expect(read(document, digestOf(text), { 'docker-content-digest': digestOf(text) })).toEqual({
      digest: digestOf(text),
      mediaType: OCI,
      size: text.length,
      content: ['config', 'a', 'b'].map((name) => ({ digest: `sha256:${name}`, size: 10 })),
      children: [],
      subject: 'sha256:image',
      foreign: [],
    });
  });

  it('reads an index', () => {
    const manifest = read({ schemaVersion: 2, manifests: [part('amd64'), part('arm64')] });
    expect(manifest).toMatchObject({ children: ['sha256:amd64', 'sha256:arm64'], content: [], subject: null });
  });

  it('reads an artifact of ORAS', () => {
    const mediaType = 'application/vnd.cncf.oras.artifact.manifest.v1+json';
    const manifest = read({ mediaType, blobs: [part('sbom')], subject: part('image') }, 'v1', {
      'content-type': `${mediaType}; charset=utf-8`,
    });
    expect(manifest).toMatchObject({
      mediaType,
      content: [{ digest: 'sha256:sbom', size: 10 }],
      subject: 'sha256:image',
    });
  });

  it.each([
    'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
    'application/vnd.oci.image.layer.nondistributable.v1.tar',
    'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
    'application/vnd.oci.image.layer.nondistributable.v1.tar+zstd',
  ])('knows foreign layers: %s', (mediaType) => {
    const { foreign, content } = read({ schemaVersion: 2, layers: [part('base', mediaType), part('own')] });
    expect(foreign).toEqual(['sha256:base']);
    expect(content).toHaveLength(2);
  });

  it('takes the media type from the document when the answer has none', () => {
    const mediaType = 'application/vnd.docker.distribution.manifest.v2+json';
    expect(toManifest(answerOf(200, { mediaType }), 'v1').mediaType).toBe(mediaType);
  });

  it.each([
    { name: 'another manifest than was asked for', reference: digestOf('x'), headers: {}, says: 'was asked for' },
    {
      name: 'another manifest than the registry says',
      reference: 'v1',
      headers: { 'docker-content-digest': digestOf('x') },
      says: 'as the registry says',
    },
  ])('refuses $name', ({ reference, headers, says }) => {
    expect(() => read({ schemaVersion: 2, layers: [] }, reference, headers)).toThrow(says);
  });

  it.each([
    { name: 'a size that is none', document: { layers: [{ digest: 'sha256:a', size: -1 }] }, says: 'layers' },
    { name: 'something else', document: { errors: [] }, says: 'it is not a manifest' },
    { name: 'members without a value', document: { config: null, layers: null }, says: 'it is not a manifest' },
    { name: 'a list', document: [], says: 'it is not a manifest' },
  ])('refuses $name', ({ document, says }) => {
    expect(() => read(document)).toThrow(says);
  });

  it('refuses a manifest of no kind', () => {
    expect(() => toManifest(answerOf(200, { schemaVersion: 2 }), 'v1')).toThrow('what kind');
  });
});
