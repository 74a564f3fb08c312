import { describe, expect, it } from '@jest/globals';
import type { CatalogEntry } from '../../../../src/transfer/errors/catalog-entry.ts';
import { CATALOG, type TransferErrorId } from '../../../../src/transfer/errors/catalog.ts';
import { toTransferError, TransferError, transferError } from '../../../../src/transfer/errors/transfer-error.ts';

type AnyEntry = CatalogEntry<Record<string, string>>;

const ENTRIES = Object.entries(CATALOG).map(([id, item]) => ({ id, entry: item as unknown as AnyEntry }));

/** Renders the texts of an entry, and collects the names of the values that they use. */
function rendered({ message, remedy }: AnyEntry): { message: string; remedy: string; used: Set<string> } {
  const used = new Set<string>();
  const values = new Proxy<Record<string, string>>(
    {},
    {
      get: (_, name) => {
        used.add(String(name));
        return `<${String(name)}>`;
      },
    },
  );
  return { message: message(values), remedy: remedy(values), used };
}

describe.each(ENTRIES)('$id', ({ id, entry }) => {
  it('has an ID of a known range', () => {
    expect(id).toMatch(/^ACRT[1-79]\d{3}$/);
  });

  it('has a title, a message and a remedy', () => {
    const { message, remedy } = rendered(entry);

    for (const text of [entry.title, message, remedy]) {
      expect(text.trim()).not.toBe('');
      expect(text).not.toMatch(/undefined|\[object/);
    }
    expect(entry.title).not.toMatch(/\.$/);
    expect(remedy.length).toBeGreaterThan(20);
  });

  it('has values in its message or remedy', () => {
    expect(rendered(entry).used.size).toBeGreaterThan(0);
  });
});

describe('an unknown error of a service', () => {
  const reason = 'HTTP 418 Teapot: The kettle of contoso.azurecr.io is empty';
  const values = {
    side: 'source',
    what: 'read',
    authority: 'a',
    tenant: 't',
    run: 'r',
    container: 'c',
    blob: 'b',
    reason,
  };

  it.each(['ACRT2001', 'ACRT3009', 'ACRT4001', 'ACRT4006', 'ACRT5005', 'ACRT9001'] as const)(
    '%s contains the whole reason, and a link to similar reports',
    (id) => {
      const { facts } = transferError(id, values, { correlationId: 'c-1' });
      const link = /https:\/\/github\.com\/search\S+/.exec(facts.remedy)?.[0] ?? '';

      expect(facts.message).toContain(reason);
      expect(facts.correlationId).toBe('c-1');
      expect(new URL(link).searchParams.get('q')).toMatch(/ HTTP Teapot The kettle of is empty$/);
    },
  );
});

describe('the catalog', () => {
  it('never suggests switching the verification off', () => {
    for (const { entry } of ENTRIES) expect(rendered(entry).remedy).not.toMatch(/verify:?\s*false/);
  });

  it('is sorted by ID, without duplicates', () => {
    const ids = ENTRIES.map(({ id }) => id);

    expect(ids).toEqual([...new Set(ids)].sort());
  });

  it('has a different title for each entry', () => {
    const titles = ENTRIES.map(({ entry }) => entry.title);

    expect(new Set(titles).size).toBe(titles.length);
  });

  it('uses only inputs in remedies that both sides have', () => {
    const inputs = ENTRIES.flatMap(({ entry }) => [...rendered(entry).remedy.matchAll(/<side>-([a-z-]+)/g)]);

    for (const [, input] of inputs) {
      expect([
        'tenant-id',
        'client-id',
        'client-secret',
        'cloud',
        'audience',
        'allowed-hosts',
        'container',
        'sas',
      ]).toContain(input);
    }
  });
});

describe('transferError', () => {
  it('has ID, texts, cause and correlation ID', () => {
    const cause = new Error('underneath');
    const item = transferError('ACRT4004', { run: 'export1' }, { cause, correlationId: 'c1' });

    expect(item).toMatchObject({ name: 'TransferError', cause, facts: { id: 'ACRT4004', correlationId: 'c1' } });
    expect(item.message).toBe('ACRT4004 Run export1 was started, but no longer exists in ARM.');
  });

  it('has a null correlation ID by default', () => {
    expect(transferError('ACRT4004', { run: 'export1' }).facts.correlationId).toBeNull();
  });
});

describe('toTransferError', () => {
  it('returns a TransferError unchanged', () => {
    const item = transferError('ACRT4004', { run: 'export1' });

    expect(toTransferError(item)).toBe(item);
  });

  it.each([
    { name: 'an error', thrown: new TypeError('x is not a function'), message: 'Unexpected: x is not a function' },
    { name: 'an error without a message', thrown: new Error(), message: 'Unexpected: an error without a message' },
    { name: 'a text', thrown: 'a text', message: 'Unexpected: a text' },
    { name: 'nothing', thrown: undefined, message: 'Unexpected: undefined' },
  ])('converts $name to ACRT9001', ({ thrown, message }) => {
    const item = toTransferError(thrown);
    const id: TransferErrorId = 'ACRT9001';

    expect(item).toBeInstanceOf(TransferError);
    expect(item).toMatchObject({ cause: thrown, facts: { id, message } });
  });
});
