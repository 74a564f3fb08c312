import { describe, expect, it } from '@jest/globals';
import {
  BY_SAS,
  check,
  DELETES,
  HOUR,
  iso,
  NOW,
  SAS,
  secretOf,
  seen,
  problemsOf,
  unseen,
  type Changes,
} from './check-side.fixture.ts';

describe('a side', () => {
  it.each<{ name: string; changes: Changes; expected: string[] }>([
    {
      name: 'with a valid SAS',
      changes: { pipeline: BY_SAS, inspector: secretOf() },
      expected: [],
    },
    {
      name: "with a secret that doesn't exist",
      changes: { pipeline: BY_SAS, inspector: { secret: seen({ kind: 'missing' }) } },
      expected: ['error ACRT3023'],
    },
    {
      name: 'with a secret that is disabled',
      changes: { pipeline: BY_SAS, inspector: secretOf({ enabled: false, sas: null }) },
      expected: ['error ACRT3023'],
    },
    {
      name: 'with a secret that has expired',
      changes: { pipeline: BY_SAS, inspector: secretOf({ expiresAt: NOW - 1 }) },
      expected: ['error ACRT3023'],
    },
    {
      name: 'with a secret that is not valid yet',
      changes: { pipeline: BY_SAS, inspector: secretOf({ startsAt: NOW + HOUR }) },
      expected: ['error ACRT3023'],
    },
    {
      name: "with a secret that doesn't contain a SAS",
      changes: { pipeline: BY_SAS, inspector: secretOf({ sas: null }) },
      expected: ['error ACRT3023'],
    },
    {
      name: 'with a secret that expires soon',
      changes: { pipeline: BY_SAS, inspector: secretOf({ expiresAt: NOW + HOUR }) },
      expected: ['warning ACRT3025'],
    },
    {
      name: "with a secret that its identity can't read",
      changes: { pipeline: BY_SAS, inspector: { ...secretOf(), canReadSecret: seen(false) } },
      expected: ['error ACRT3027'],
    },
    {
      name: 'with a secret that cannot be inspected',
      changes: { pipeline: BY_SAS, inspector: { secret: unseen, canReadSecret: unseen } },
      expected: ['unknown secret', 'unknown role'],
    },
  ])('$name', async ({ changes, expected }) => {
    expect(problemsOf(await check('export', changes))).toEqual(expected);
  });

  it.each([
    { name: 'has expired', sas: SAS.replace(/se=[^&]+/, `se=${iso(NOW - HOUR)}`), expected: 'error ACRT3024' },
    { name: 'is not valid yet', sas: `${SAS}&st=${iso(NOW + HOUR)}`, expected: 'error ACRT3024' },
    { name: 'lacks w', sas: SAS.replace('rwla', 'rl'), expected: 'error ACRT3024' },
    { name: 'is for a blob', sas: SAS.replace('sr=c', 'sr=b'), expected: 'error ACRT3024' },
    { name: 'is for an account without objects', sas: SAS.replace('sr=c', 'ss=b&srt=c'), expected: 'error ACRT3024' },
    { name: 'becomes valid within the clock skew', sas: `${SAS}&st=${iso(NOW + 60_000)}`, expected: undefined },
    { name: 'expires soon', sas: SAS.replace(/se=[^&]+/, `se=${iso(NOW + HOUR)}`), expected: 'warning ACRT3025' },
    { name: 'allows HTTP', sas: SAS.replace('spr=https&', ''), expected: 'warning ACRT3035' },
  ])('with a SAS that $name', async ({ sas, expected }) => {
    expect(problemsOf(await check('export', { pipeline: BY_SAS, inspector: secretOf({}, sas) }))).toEqual(
      expected === undefined ? [] : [expected],
    );
  });

  it('whose SAS lacks d for an import that deletes blobs', async () => {
    const changes = { pipeline: { ...BY_SAS, ...DELETES }, inspector: secretOf() };

    expect(problemsOf(await check('import', changes))).toEqual(['warning ACRT3019']);
  });

  it.each([
    { name: 'that is valid', sas: SAS, expected: [] },
    { name: 'that lacks w', sas: SAS.replace('rwla', 'rl'), expected: ['error ACRT3029'] },
    { name: 'without a signature', sas: 'sp=rwl', expected: ['error ACRT3029'] },
    { name: 'for a single blob', sas: SAS.replace('sr=c', 'sr=b'), expected: ['error ACRT3029'] },
    {
      name: 'that expires within an hour',
      sas: SAS.replace(/se=[^&]+/, `se=${iso(NOW + 600_000)}`),
      expected: ['warning ACRT3025'],
    },
  ])('with a SAS from the inputs $name', async ({ sas, expected }) => {
    expect(problemsOf(await check('export', { sas }))).toEqual(expected);
  });
});
