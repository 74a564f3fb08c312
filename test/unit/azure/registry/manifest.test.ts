import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { toManifest } from '../../../../src/azure/registry/manifest.ts';
import type { Manifest } from '../../../../src/transfer/ports/registry.ts';
import { responseOf } from './transport.fixture.ts';

const OCI = 'application/vnd.oci.image.manifest.v1+json';

const part = (name: string, mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip') => ({
  digest: `sha256:${name}`,
  size: 10,
  mediaType,
});

const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

const read = (document: object, reference = 'v1', headers: Record<string, string> = {}): Manifest =>
  toManifest(responseOf(200, document, { 'content-type': OCI, ...headers }), reference);

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
  ])('recognizes foreign layers: %s', (mediaType) => {
    const { foreign, content } = read({ schemaVersion: 2, layers: [part('base', mediaType), part('own')] });
    expect(foreign).toEqual(['sha256:base']);
    expect(content).toHaveLength(2);
  });

  it('uses the media type of the document if the response has none', () => {
    const mediaType = 'application/vnd.docker.distribution.manifest.v2+json';
    expect(toManifest(responseOf(200, { mediaType }), 'v1').mediaType).toBe(mediaType);
  });

  it.each([
    {
      name: 'another manifest than requested',
      reference: digestOf('x'),
      headers: {},
      message: 'another digest than requested',
    },
    {
      name: 'a digest that differs from the header',
      reference: 'v1',
      headers: { 'docker-content-digest': digestOf('x') },
      message: 'as the registry states',
    },
  ])('rejects $name', ({ reference, headers, message }) => {
    expect(() => read({ schemaVersion: 2, layers: [] }, reference, headers)).toThrow(message);
  });

  it.each([
    { name: 'a negative size', document: { layers: [{ digest: 'sha256:a', size: -1 }] }, message: 'layers' },
    { name: 'something else', document: { errors: [] }, message: 'it is not a manifest' },
    { name: 'members without a value', document: { config: null, layers: null }, message: 'it is not a manifest' },
    { name: 'a list', document: [], message: 'it is not a manifest' },
  ])('rejects $name', ({ document, message }) => {
    expect(() => read(document)).toThrow(message);
  });

  it('rejects a manifest without a media type', () => {
    expect(() => toManifest(responseOf(200, { schemaVersion: 2 }), 'v1')).toThrow('no media type');
  });
});
