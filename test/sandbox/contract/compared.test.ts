import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { factsOf, FOLDER, SERVICES } from '../../fixtures/contract/facts.ts';
import type { Fact } from '../../fixtures/contract/facts.ts';
import { gaps } from './compared.ts';

const fact = (name: string, reason: string | null): Fact => ({
  ...factsOf('pipelines')[0]!,
  name,
  uncompared: { action: reason, sandbox: null },
});

describe('the facts', () => {
  it('are all in the compared files', () => {
    const files = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
    expect(files.sort()).toEqual(SERVICES.map((name) => `${name}.yaml`).sort());
  });

  it('have names of their own', () => {
    const names = SERVICES.flatMap((service) => factsOf(service).map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('gaps', () => {
  it('reports nothing if each fact is compared or explained', () => {
    const facts = [fact('compared', null), fact('explained', 'nothing asks for it')];
    expect(gaps('action', facts, { compared: () => undefined })).toEqual([]);
  });

  it('reports a fact that is neither compared nor explained', () => {
    expect(gaps('action', [fact('lost', null)], {})).toEqual(['lost is neither compared nor explained']);
  });

  it('finds an explanation that is out of date', () => {
    const explained = [fact('both', 'nothing asks for it')];
    expect(gaps('action', explained, { both: () => undefined })).toEqual(["both is compared, and says why it isn't"]);
  });

  it('finds a comparison without a fact', () => {
    expect(gaps('sandbox', [], { gone: () => undefined })).toEqual(['there is no fact gone']);
  });
});
