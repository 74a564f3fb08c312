import { describe, expect, it } from '@jest/globals';
import {
  formatCount,
  formatIdentity,
  formatRate,
  formatSeconds,
  shortDigest,
  shortReference,
} from '../../../../src/action/text/format.ts';
import { formatBytes } from '../../../../src/transfer/model/bytes.ts';

const DIGEST = `sha256:0a2e1234${'0'.repeat(56)}`;

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [1, '1 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1536, '1.5 KiB'],
    [100 * 1024, '100 KiB'],
    [1024 ** 2, '1.0 MiB'],
    [12.34 * 1024 ** 2, '12.3 MiB'],
    [1024 ** 3 - 1, '1.0 GiB'],
    [1024 ** 5, '1.0 PiB'],
    [5000 * 1024 ** 5, '5000 PiB'],
    [0.4, '0 B'],
  ])('%d is %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('formatRate', () => {
  it.each([
    [2048, 2, '1.0 KiB/s'],
    [2048, 0.5, null],
    [0, 10, null],
    [5, 10, null],
    [2048, 0, null],
  ])('%d bytes in %d s are %s', (bytes, seconds, text) => {
    expect(formatRate(bytes, seconds)).toBe(text);
  });
});

describe('formatSeconds', () => {
  it.each([
    [0, '0.0 s'],
    [8.44, '8.4 s'],
    [10, '10 s'],
    [59.4, '59 s'],
    [59.6, '1 min 0 s'],
    [125, '2 min 5 s'],
    [3599.6, '1 h 0 min'],
    [3780, '1 h 3 min'],
    [100_000, '27 h 46 min'],
  ])('%d is %s', (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });
});

describe('formatCount', () => {
  it.each([
    [0, '0 batches'],
    [1, '1 batch'],
    [999, '999 batches'],
    [1200, '1,200 batches'],
    [1_234_567, '1,234,567 batches'],
  ])('%d is %s', (count, text) => {
    expect(formatCount(count, 'batch', 'batches')).toBe(text);
  });
});

describe('digests', () => {
  it('are shortened to their first digits', () => {
    expect(shortDigest(DIGEST)).toBe('sha256:0a2e12340000…');
    expect(shortReference(`team/api@${DIGEST}`)).toBe('team/api@sha256:0a2e12340000…');
    expect(shortReference('team/api:v1')).toBe('team/api:v1');
  });
});

describe('formatIdentity', () => {
  it.each([
    [{ clientId: 'c', objectId: 'o', tenantId: 't' }, 'client c, object o, tenant t'],
    [{ clientId: 'c', objectId: null, tenantId: 't' }, 'client c, tenant t'],
    [{ clientId: null, objectId: null, tenantId: null }, 'an identity that its token does not name'],
  ])('%j is %s', (identity, text) => {
    expect(formatIdentity(identity)).toBe(text);
  });
});
