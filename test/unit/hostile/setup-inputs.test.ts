import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { readProvisioningRequest } from '../../../src/action/inputs/provisioning.ts';
import { EXPORT_PIPELINE, IMPORT_PIPELINE, type Inputs } from '../action/inputs/request.fixture.ts';
import { outcomeOf } from './outcome.fixture.ts';
import { hostileText, LONG, repeatedText } from './texts.fixture.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const { inputs: DEFINED } = load(readFileSync(join(ROOT, 'setup', 'action.yml'), 'utf8')) as {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
};
const NAMES = Object.keys(DEFINED);

const GROUP = '/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups';
const IDENTITY = 'providers/Microsoft.ManagedIdentity/userAssignedIdentities/one';
const NEARLY: readonly string[] = [
  EXPORT_PIPELINE,
  IMPORT_PIPELINE,
  'https://account.blob.core.windows.net/transfer',
  'https://user:pass@vault.vault.azure.net/secrets/sas/',
  'https://vault.vault.azure.net/secrets/../keys/x',
  'https://vault.vault.azure.net/secrets/%2e%2e/x',
  `${GROUP}/group/${IDENTITY}`,
  `${GROUP}/../${IDENTITY}`,
  'present',
  'rotate',
  'absent',
  'SasToken',
  'account-key',
  'true',
  '7',
];

const value = fc.oneof(hostileText, fc.constantFrom(...NEARLY));
const inputs: fc.Arbitrary<Inputs> = fc
  .array(fc.tuple(fc.constantFrom(...NAMES), value), { maxLength: 5 })
  .map((given) => ({
    pipeline: EXPORT_PIPELINE,
    container: 'https://account.blob.core.windows.net/transfer',
    ...Object.fromEntries(given),
  }));

const read = (given: Inputs) =>
  outcomeOf(() => readProvisioningRequest((input) => given[input] ?? DEFINED[input]?.default ?? ''));

describe('hostile inputs of setup', () => {
  it('are a request, or problems with one line each', () => {
    fc.assert(
      fc.property(inputs, (given) => {
        const outcome = read(given);
        if ('value' in outcome) return;

        const { id, message } = outcome.failure.facts;
        expect(id).toBe('ACRT1001');
        expect(
          message
            .split('\n')
            .slice(1)
            .filter((line) => !/^ {2}[a-z-]+: /.test(line)),
        ).toEqual([]);
      }),
      { numRuns: 800 },
    );
  });

  it('are valid addresses of requests', () => {
    fc.assert(
      fc.property(inputs, (given) => {
        const outcome = read(given);
        if ('failure' in outcome || outcome.value.state !== 'present') return;

        const { access, identity, containerUri } = outcome.value.desired;
        expect(containerUri).toMatch(/^https:\/\/[^/@?#]+\/[^?#]+$/);
        if (access.kind === 'sas') expect(access.secretUri).toMatch(/^https:\/\/[^/@?#]+\/secrets\/[A-Za-z\d-]+$/);
        if (identity.kind === 'user') {
          expect(new URL(`https://arm${identity.resourceId}`).pathname).toBe(identity.resourceId);
        }
      }),
      { numRuns: 800 },
    );
  });

  it('may be long, and of one part over and over', () => {
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), repeatedText(LONG), (name, text) => {
        const outcome = read({ pipeline: EXPORT_PIPELINE, container: 'https://a/c', [name]: text });

        if ('failure' in outcome) expect(outcome.failure.facts.message.length).toBeLessThan(5000);
      }),
      { numRuns: 100 },
    );
  });
});
