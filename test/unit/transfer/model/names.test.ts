import { describe, expect, it } from '@jest/globals';
import {
  historyName,
  isBlobName,
  isTransferName,
  MANIFEST_ENDING,
  manifestName,
  planName,
  RECEIPT_ENDING,
  receiptName,
} from '../../../../src/transfer/model/names.ts';

describe('names of documents', () => {
  it('start with the transfer name, and are different', () => {
    const names = [manifestName, receiptName, planName].map((nameOf) => nameOf('team/nightly'));

    expect(names.every((name) => name.startsWith('team/nightly.'))).toBe(true);
    expect(new Set([...names, historyName('team/nightly')]).size).toBe(4);
  });

  it('have the suffixes that listings use', () => {
    expect(manifestName('nightly').endsWith(MANIFEST_ENDING)).toBe(true);
    expect(receiptName('nightly').endsWith(RECEIPT_ENDING)).toBe(true);
    expect([planName('nightly'), historyName('x')].some((name) => name.endsWith(MANIFEST_ENDING))).toBe(false);
  });

  it('of a shard are valid transfer names too', () => {
    expect(isTransferName('team/nightly.2-of-5')).toBe(true);
  });
});

describe('isTransferName', () => {
  it.each(['nightly', 'team/nightly', 'a.b_c-d/e', '7', 'n'.repeat(200)])('accepts %j', (text) => {
    expect(isTransferName(text)).toBe(true);
  });

  it.each([
    '',
    '.nightly',
    '-nightly',
    'team//nightly',
    'team/',
    '/team',
    'a..b',
    'a/../b',
    'ä',
    'a b',
    'n'.repeat(201),
  ])('rejects %j', (text) => {
    expect(isTransferName(text)).toBe(false);
  });
});

describe('isBlobName', () => {
  it.each(['a', 'a/b.tar', 'a..b', '...', 'ä €', 'n'.repeat(1024)])('accepts %j', (text) => {
    expect(isBlobName(text)).toBe(true);
  });

  it.each(['', '.', '..', 'a/..', '../a', 'a/./b', 'a\\b', 'a\nb', 'n'.repeat(1025)])('rejects %j', (text) => {
    expect(isBlobName(text)).toBe(false);
  });
});
