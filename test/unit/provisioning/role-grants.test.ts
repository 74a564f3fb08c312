import { describe, expect, it } from '@jest/globals';
import { containerNeed } from '../../../src/provisioning/role-grants.ts';

const NONE = { read: false, write: false, delete: false };

describe('containerNeed', () => {
  it.each([
    { name: 'an export', kind: 'export', options: [], needed: ['read', 'write'] },
    { name: 'an import', kind: 'import', options: [], needed: ['read'] },
    {
      name: 'an import that deletes',
      kind: 'import',
      options: ['DeleteSourceBlobOnSuccess'],
      needed: ['read', 'delete'],
    },
  ] as const)('of $name needs each of $needed', ({ kind, options, needed }) => {
    const { isMet } = containerNeed(kind, options);
    const all = { ...NONE, ...Object.fromEntries(needed.map((name) => [name, true])) };

    expect(isMet(all)).toBe(true);
    for (const name of needed) expect(isMet({ ...all, [name]: false })).toBe(false);
  });
});
