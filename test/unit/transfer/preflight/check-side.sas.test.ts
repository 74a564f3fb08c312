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
  told,
  unseen,
  type Changes,
} from './check-side.fixture.ts';

describe('a side', () => {
  it.each<{ name: string; changes: Changes; expected: string[] }>([
    {
      name: 'with a SAS in order',
      changes: { pipeline: BY_SAS, inspector: secretOf() },
      expected: [],
    },
    {
      name: 'with a secret that is not there',
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
      name: 'with a secret that is no SAS',
      changes: { pipeline: BY_SAS, inspector: secretOf({ sas: null }) },
      expected: ['error ACRT3023'],
    },
    {
      name: 'with a secret that ends soon',
      changes: { pipeline: BY_SAS, inspector: secretOf({ expiresAt: NOW + HOUR }) },
      expected: ['warning ACRT3025'],
    },
    {
      name: 'with a secret that its identity may not read',
      changes: { pipeline: BY_SAS, inspector: { ...secretOf(), mayReadSecret: seen(false) } },
      expected: ['error ACRT3027'],
    },
    {
      name: 'with a secret that nobody may look at',
      changes: { pipeline: BY_SAS, inspector: { secret: unseen, mayReadSecret: unseen } },
      expected: ['unknown secret', 'unknown role'],
    },
  ])('$name', async ({ changes, expected }) => {
    expect(told(await check('export', changes))).toEqual(expected);
  });

  it.each([
    { name: 'has ended', sas: SAS.replace(/se=[^&]+/, `se=${iso(NOW - HOUR)}`), expected: 'error ACRT3024' },
    { name: 'has not begun', sas: `${SAS}&st=${iso(NOW + HOUR)}`, expected: 'error ACRT3024' },
    { name: 'may not write', sas: SAS.replace('rwla', 'rl'), expected: 'error ACRT3024' },
    { name: 'is of a blob', sas: SAS.replace('sr=c', 'sr=b'), expected: 'error ACRT3024' },
    { name: 'is of an account without objects', sas: SAS.replace('sr=c', 'ss=b&srt=c'), expected: 'error ACRT3024' },
    { name: 'begins by a clock that is ahead', sas: `${SAS}&st=${iso(NOW + 60_000)}`, expected: undefined },
    { name: 'ends soon', sas: SAS.replace(/se=[^&]+/, `se=${iso(NOW + HOUR)}`), expected: 'warning ACRT3025' },
    { name: 'allows HTTP', sas: SAS.replace('spr=https&', ''), expected: 'warning ACRT3035' },
  ])('whose SAS $name', async ({ sas, expected }) => {
    expect(told(await check('export', { pipeline: BY_SAS, inspector: secretOf({}, sas) }))).toEqual(
      expected === undefined ? [] : [expected],
    );
  });

  it('whose SAS may not delete what it should', async () => {
    const changes = { pipeline: { ...BY_SAS, ...DELETES }, inspector: secretOf() };

    expect(told(await check('import', changes))).toEqual(['warning ACRT3019']);
  });

  it.each([
    { name: 'in order', sas: SAS, expected: [] },
    { name: 'that may not write', sas: SAS.replace('rwla', 'rl'), expected: ['error ACRT3029'] },
    { name: 'that is none', sas: 'sp=rwl', expected: ['error ACRT3029'] },
    { name: 'of a single blob', sas: SAS.replace('sr=c', 'sr=b'), expected: ['error ACRT3029'] },
    {
      name: 'for the next minutes',
      sas: SAS.replace(/se=[^&]+/, `se=${iso(NOW + 600_000)}`),
      expected: ['warning ACRT3025'],
    },
  ])('with a given SAS $name', async ({ sas, expected }) => {
    expect(told(await check('export', { sas }))).toEqual(expected);
  });
});
