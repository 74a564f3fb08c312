import { describe, expect, it } from '@jest/globals';
import { readSas } from '../../../../src/transfer/model/sas.ts';
import { expiresSoon, httpWarning, sasProblems } from '../../../../src/transfer/preflight/sas.ts';

const NOW = Date.UTC(2026, 0, 1);
const DAY = 24 * 60 * 60 * 1000;
const sasOf = (text: string) => readSas(`${text}&sig=x`)!;

describe('httpWarning', () => {
  it.each([
    { sas: 'sr=c&sp=racwl', permissions: '--permissions racwl' },
    { sas: 'sr=c', permissions: '--permissions rl' },
    { sas: 'sr=c&sp=r;reboot', permissions: '--permissions rreboot' },
  ])('names a command with the same permissions: $sas', ({ sas, permissions }) => {
    const [warning] = httpWarning('source', 'the SAS', sasOf(sas));

    expect(warning?.facts.id).toBe('ACRT3035');
    expect(warning?.facts.remedy).toContain(`${permissions} `);
  });

  it('is absent for a SAS that allows only HTTPS', () => {
    expect(httpWarning('source', 'the SAS', sasOf('sr=c&sp=r&spr=https'))).toEqual([]);
  });
});

describe('sasProblems', () => {
  it.each([
    { name: 'has expired at this moment', sas: `sr=c&sp=r&se=${new Date(NOW).toISOString()}`, count: 1 },
    { name: 'expires a millisecond later', sas: `sr=c&sp=r&se=${new Date(NOW + 1).toISOString()}`, count: 0 },
    {
      name: 'starts within the clock skew',
      sas: `sr=c&sp=r&st=${new Date(NOW + 15 * 60_000).toISOString()}`,
      count: 0,
    },
    {
      name: 'starts after the clock skew',
      sas: `sr=c&sp=r&st=${new Date(NOW + 15 * 60_000 + 1).toISOString()}`,
      count: 1,
    },
    { name: 'gets its permissions from a stored access policy', sas: 'sr=c&si=nightly', count: 0 },
    { name: 'lacks a permission that no policy can add', sas: 'sr=c&si=nightly&sp=l', count: 1 },
  ])('finds $count problems of a SAS that $name', ({ sas, count }) => {
    expect(sasProblems(sasOf(sas), ['r'], NOW)).toHaveLength(count);
  });
});

describe('expiresSoon', () => {
  it.each([
    { at: NOW, soon: false },
    { at: NOW + 1, soon: true },
    { at: NOW + 7 * DAY - 1, soon: true },
    { at: NOW + 7 * DAY, soon: false },
    { at: null, soon: false },
  ])('$at: $soon', ({ at, soon }) => {
    expect(expiresSoon(at, NOW) !== null).toBe(soon);
  });
});
