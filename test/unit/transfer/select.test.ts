import { describe, expect, it } from '@jest/globals';
import { failure } from '../../../src/transfer/failure.ts';
import { resolveSelection } from '../../../src/transfer/select.ts';
import { parseSelection } from '../../../src/transfer/selection.ts';
import type { Registry } from '../../../src/transfer/services.ts';
import { image, memoryRegistry } from './registry.ts';

const one = image('one');

describe('resolveSelection', () => {
  it('pins every reference to its digest, and keeps where it was written', async () => {
    const registry = memoryRegistry('source.azurecr.io');
    registry.push('a', one, 'latest');
    const { references } = parseSelection(`a\na@${one.digest}`);

    const { artifacts, failures } = await resolveSelection(registry, references);

    expect(failures).toEqual([]);
    expect(artifacts).toMatchObject([
      { reference: { kind: 'tag', tag: 'latest' }, digest: one.digest, where: 'line 1', size: 1110 },
      { reference: { kind: 'digest' }, digest: one.digest, where: 'line 2', size: 1110 },
    ]);
  });

  it('tells all that is missing at once, with the line', async () => {
    const registry = memoryRegistry('source.azurecr.io');
    registry.push('a', one, 'v1');
    const { references } = parseSelection('a:v1\na:v2\nb:v1', 'artifacts.txt');

    const { failures } = await resolveSelection(registry, references);

    expect(failures.map(({ facts }) => [facts.id, facts.message])).toEqual([
      ['ACRT3005', 'a:v2 (artifacts.txt line 2) is not in source.azurecr.io.'],
      ['ACRT3005', 'b:v1 (artifacts.txt line 3) is not in source.azurecr.io.'],
    ]);
  });

  it('does not take a registry that cannot be read for one that lacks the artifact', async () => {
    const values = { registry: 'source.azurecr.io', reference: 'a:v1', reason: 'HTTP 403' };
    const registry: Registry = {
      loginServer: 'source.azurecr.io',
      manifest: () => Promise.reject(failure('ACRT6004', values)),
    };
    const { failures } = await resolveSelection(registry, parseSelection('a:v1').references);

    expect(failures.map(({ facts }) => facts.id)).toEqual(['ACRT6004']);
  });
});
