import { describe, expect, it } from '@jest/globals';
import {
  formatReference,
  isDigest,
  isRepositoryName,
  parseReference,
} from '../../../../src/transfer/model/reference.ts';
import { digestOf } from '../ports/registry.fixture.ts';

const DIGEST = digestOf('content');

describe('parseReference', () => {
  it.each([
    { name: 'a repository without tag as latest', text: 'nginx', read: 'nginx:latest' },
    { name: 'a tag', text: 'samples/nginx:v1', read: 'samples/nginx:v1' },
    { name: 'a digest', text: `samples/nginx@${DIGEST}`, read: `samples/nginx@${DIGEST}` },
    { name: 'all separators of a repository', text: 'a.b/c_d/e__f/g---h:x', read: 'a.b/c_d/e__f/g---h:x' },
    { name: 'a tag with capitals and all special characters', text: 'nginx:_V1.0-RC_2', read: 'nginx:_V1.0-RC_2' },
    { name: 'the longest tag', text: `nginx:${'t'.repeat(128)}`, read: `nginx:${'t'.repeat(128)}` },
    { name: 'a repository named after another registry', text: 'docker.io/library/x:1', read: 'docker.io/library/x:1' },
  ])('parses $name', ({ text, read }) => {
    const parsed = parseReference(text);

    expect(parsed.ok && formatReference(parsed.value)).toBe(read);
  });

  it.each([
    { name: 'no repository', text: ':v1', problem: '"" is not a repository name' },
    { name: 'an empty tag', text: 'nginx:', problem: '"" is not a tag' },
    { name: 'a tag that is too long', text: `nginx:${'t'.repeat(129)}`, problem: 'at most 128' },
    { name: 'a tag that begins with a dash', text: 'nginx:-v1', problem: '"-v1" is not a tag' },
    { name: 'capitals in a repository', text: 'Samples/Nginx:v1', problem: 'lower case: samples/nginx' },
    { name: 'three underscores', text: 'a___b:v1', problem: '"a___b" is not a repository name' },
    { name: 'a slash at the end', text: 'samples/:v1', problem: 'not a repository name' },
    { name: 'a slash at the beginning', text: '/samples:v1', problem: 'not a repository name' },
    { name: 'two slashes', text: 'a//b:v1', problem: 'not a repository name' },
    { name: 'a parent folder', text: '../a:v1', problem: 'not a repository name' },
    { name: 'a login server', text: 'contoso.azurecr.io/nginx:v1', problem: 'leave the login server out' },
    {
      name: 'a login server of another cloud',
      text: 'Contoso.azurecr.us/nginx',
      problem: 'leave the login server out',
    },
    { name: 'a login server before a digest', text: `c.azurecr.cn/a@${DIGEST}`, problem: 'leave the login server out' },
    { name: 'only a login server', text: 'contoso.azurecr.io', problem: 'leave the login server out' },
    { name: 'a tag and a digest', text: `nginx:v1@${DIGEST}`, problem: 'either a tag or a digest' },
    { name: 'a digest that is too short', text: 'nginx@sha256:0a2e', problem: '"sha256:0a2e" is not a digest' },
    { name: 'a digest in capitals', text: `nginx@${DIGEST.toUpperCase()}`, problem: 'is not a digest' },
    { name: 'another algorithm', text: `nginx@sha512:${'a'.repeat(128)}`, problem: 'is not a digest' },
    { name: 'two digests', text: `nginx@${DIGEST}@${DIGEST}`, problem: 'is not a digest' },
  ])('rejects $name', ({ text, problem }) => {
    expect(parseReference(text)).toEqual({ ok: false, problem: expect.stringContaining(problem) });
  });

  it('parses a repository with many parts', () => {
    expect(parseReference(`${'a-'.repeat(50_000)}!`)).toHaveProperty('problem');
  });
});

describe('isDigest', () => {
  it.each([
    { name: 'a digest', text: DIGEST, is: true },
    { name: 'a digest with a suffix', text: `${DIGEST}\n`, is: false },
    { name: 'a tag', text: 'latest', is: false },
  ])('$name: $is', ({ text, is }) => {
    expect(isDigest(text)).toBe(is);
  });
});

describe('isRepositoryName', () => {
  it.each([
    { length: 256, valid: true },
    { length: 257, valid: false },
  ])('a name of $length characters: $valid', ({ length, valid }) => {
    expect(isRepositoryName('r'.repeat(length))).toBe(valid);
  });
});
