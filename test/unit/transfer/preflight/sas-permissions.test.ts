/** Each permission of a SAS: without it the check fails and names it, and no other permission replaces it. */
import { describe, expect, it } from '@jest/globals';
import { containerNeed } from '../../../../src/provisioning/role-grants.ts';
import type { CheckResult } from '../../../../src/transfer/model/check-result.ts';
import { readSas } from '../../../../src/transfer/model/sas.ts';
import { givenSasResults, type ContainerUse } from '../../../../src/transfer/preflight/container.ts';
import { memoryContainer } from '../ports/blob-container.fixture.ts';
import { BY_SAS, check, DELETES, NOW, SAS, secretOf } from './check-side.fixture.ts';

/** Every letter that a SAS of a container can have (Microsoft: "Create a service SAS", permissions for a container). */
const LETTERS = Array.from('racwdxyltmeopi');

/** The permissions that each needs (Microsoft Learn, "ACR Transfer prerequisites": SAS permissions of export and import). */
const PIPELINES = [
  { name: 'an export pipeline', kind: 'export', needed: 'rwla' },
  { name: 'an import pipeline', kind: 'import', needed: 'rl' },
] as const;

const sasOf = (letters: string): string => SAS.replace('rwla', letters);

const without = (letters: string, letter: string): string => letters.replace(letter, '');

/** Ids of all problems, with the letters that their messages name: `ACRT3024 wl`. */
const named = (results: readonly CheckResult[]): readonly string[] =>
  results.flatMap((result) => {
    if (!('failure' in result)) return [];
    const { id, message } = result.failure.facts;
    const letters = Array.from(message.matchAll(/\((?<letter>[a-z])\)/g), ({ groups }) => groups?.['letter'] ?? '');
    return [[id, ...(letters.length === 0 ? [] : [letters.sort().join('')])].join(' ')];
  });

const sorted = (letters: string): string => Array.from(letters).sort().join('');

describe.each(PIPELINES)('the SAS of $name', ({ kind, needed }) => {
  const found = async (letters: string): Promise<readonly string[]> =>
    named(await check(kind, { pipeline: BY_SAS, inspector: secretOf({}, sasOf(letters)) }));

  it('is sufficient with the needed permissions, and with all permissions', async () => {
    expect([await found(needed), await found(LETTERS.join(''))]).toEqual([[], []]);
  });

  it.each(Array.from(needed))('is insufficient without %s', async (letter) => {
    expect(await found(without(needed, letter))).toEqual([`ACRT3024 ${letter}`]);
    expect(await found(without(LETTERS.join(''), letter))).toEqual([`ACRT3024 ${letter}`]);
  });

  it.each(LETTERS)('is insufficient with only %s', async (letter) => {
    expect(await found(letter)).toEqual([`ACRT3024 ${sorted(without(needed, letter))}`]);
  });

  it('reports every missing permission', async () => {
    expect(await found('')).toEqual([`ACRT3024 ${sorted(needed)}`]);
  });

  it('can have all its permissions in a stored access policy, but not only some', async () => {
    const policy = (letters: string): string => `${sasOf(letters)}&si=nightly`;
    const checked = async (sas: string): Promise<readonly string[]> =>
      named(await check(kind, { pipeline: BY_SAS, inspector: secretOf({}, sas) }));
    expect(await checked(policy(''))).toEqual([]);
    expect(await checked(policy('r'))).toEqual([`ACRT3024 ${sorted(without(needed, 'r'))}`]);
  });

  it('is the one that setup creates', () => {
    expect(sorted(containerNeed(kind, []).permissions)).toBe(sorted(needed));
  });
});

describe('the SAS of an import pipeline that deletes imported blobs', () => {
  const found = async (letters: string): Promise<readonly string[]> =>
    named(await check('import', { pipeline: { ...BY_SAS, ...DELETES }, inspector: secretOf({}, sasOf(letters)) }));

  it('is sufficient with d', async () => {
    expect(await found('rld')).toEqual([]);
  });

  it.each([...LETTERS.filter((letter) => letter !== 'd'), ''])(
    'causes a warning without d, with %j',
    async (letter) => {
      expect(await found(`rl${letter}`)).toEqual(['ACRT3019']);
    },
  );

  it.each(['r', 'l'])('is insufficient without %s', async (letter) => {
    expect(await found(without('rld', letter))).toEqual([`ACRT3024 ${letter}`]);
  });

  it('is the one that setup creates', () => {
    expect(sorted(containerNeed('import', DELETES.options).permissions)).toBe(sorted('rld'));
  });
});

describe.each<{ use: ContainerUse; needed: string }>([
  { use: 'read', needed: 'r' },
  { use: 'write', needed: 'rw' },
])('a SAS from the inputs to $use', ({ use, needed }) => {
  const found = (letters: string): readonly string[] => {
    const container = memoryContainer('https://source/transfer');
    const used = { side: 'source', container, probe: 'a', use, sas: null } as const;
    return named(givenSasResults(used, sasOf(letters), NOW));
  };

  it('is sufficient with the needed permissions', () => {
    expect([found(needed), found(LETTERS.join(''))]).toEqual([[], []]);
  });

  it.each(Array.from(needed))('is insufficient without %s', (letter) => {
    expect(found(without(needed, letter))).toEqual([`ACRT3029 ${letter}`]);
    expect(found(without(LETTERS.join(''), letter))).toEqual([`ACRT3029 ${letter}`]);
  });

  it.each(LETTERS.filter((letter) => !needed.includes(letter)))('is insufficient with only %s', (letter) => {
    expect(found(letter)).toEqual([`ACRT3029 ${sorted(needed)}`]);
  });
});

it.each(LETTERS)('a SAS has its permission %s', (letter) => {
  expect(readSas(sasOf(letter))?.permissions).toBe(letter);
});
