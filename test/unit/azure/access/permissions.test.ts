import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allows, permissionSchema, type Permission } from '../../../../src/azure/access/permissions.ts';
import { blobPermissionsOf } from '../../../../src/azure/access/roles.ts';

const READ = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read';

const data = (dataActions: readonly string[], notDataActions: readonly string[] = []): Permission => ({
  actions: [],
  notActions: [],
  dataActions,
  notDataActions,
});

describe('allows', () => {
  it.each([
    { patterns: [READ], allowed: true },
    { patterns: [READ.toLowerCase()], allowed: true },
    { patterns: ['*'], allowed: true },
    { patterns: ['*/read'], allowed: true },
    { patterns: ['Microsoft.Storage/*/blobs/*'], allowed: true },
    { patterns: ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/*'], allowed: true },
    { patterns: ['Microsoft.Storage/storageAccounts/blobServices/containers/read'], allowed: false },
    { patterns: ['Microsoft.Storage/*/write'], allowed: false },
    { patterns: ['*/queues/*'], allowed: false },
    { patterns: [`${READ}*read`], allowed: false },
    { patterns: [''], allowed: false },
    { patterns: [], allowed: false },
    { patterns: ['*/write', '*/read'], allowed: true },
  ])('$patterns allow a read: $allowed', ({ patterns, allowed }) => {
    expect(allows([data(patterns)], 'dataActions', READ)).toBe(allowed);
  });

  it('applies the exceptions of a permission only to itself', () => {
    const restricted = data(['*'], ['*/READ']);
    expect(allows([restricted], 'dataActions', READ)).toBe(false);
    expect(allows([restricted, data([READ])], 'dataActions', READ)).toBe(true);
  });

  it('does not mix actions and data actions', () => {
    expect(allows([data(['*'])], 'actions', READ)).toBe(false);
    expect(allows([{ ...data([]), actions: ['*'] }], 'dataActions', READ)).toBe(false);
  });

  it('matches each text that a pattern was made from', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), fc.array(fc.string()), (parts, between) => {
        const filled = parts.map(
          (part, at) => `${part.replaceAll('*', '')}${at < parts.length - 1 ? (between[at] ?? '') : ''}`,
        );
        const pattern = parts.map((part) => part.replaceAll('*', '')).join('*');
        return allows([data([pattern])], 'dataActions', filled.join(''));
      }),
    );
  });
});

describe('permissions', () => {
  it('can have absent lists', () => {
    expect(permissionSchema.parse({ actions: ['*/read'], notDataActions: null })).toEqual({
      ...data([]),
      actions: ['*/read'],
    });
  });

  it('allow operations on blobs', () => {
    const blobs = READ.slice(0, -'/read'.length);
    expect(blobPermissionsOf([data([`${blobs}/*`], [`${blobs}/delete`])])).toEqual({
      read: true,
      write: true,
      delete: false,
    });
    expect(blobPermissionsOf([data([`${blobs}/add/action`])])).toEqual({ read: false, write: false, delete: false });
  });
});
