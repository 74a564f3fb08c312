import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { actionDefinition } from '../../../scripts/action-definition.ts';
import { SECRET_INPUTS } from '../../../src/action/runner/inputs.ts';
import { secretForms } from '../../../src/action/runner/log.ts';
import { isBlobName, isTransferName } from '../../../src/transfer/model/names.ts';
import type { MovingRequest, TransferRequest } from '../../../src/transfer/model/request.ts';
import { MINIMAL, requestOf, type Inputs } from '../action/inputs/request.fixture.ts';
import { idOf, outcomeOf } from './outcome.fixture.ts';
import { hostileText, LONG, repeatedText } from './texts.fixture.ts';

const NAMES = Object.keys(actionDefinition().inputs);
const MODES = Object.keys(MINIMAL) as readonly TransferRequest['mode'][];

/** Texts that often pass one check and fail the next. */
const NEARLY: readonly string[] = [
  'true',
  '0',
  '50',
  '1e3',
  'https://a.blob.core.windows.net/c',
  'https://user:pass@a.blob.core.windows.net/c?sig=x',
  'https://a/%2e%2e/%2e%2e/c#x',
  'file:///etc/passwd',
  '../../etc',
  '["a.tar", "../b.tar"]',
  '["a.tar"',
  '[[[["a.tar"]]]]',
  '2/5',
  '4GiB',
  '20MB / s',
  '00000000-0000-4000-8000-00000000000a',
  'receipt',
  'sv=1&sig=aB3%2Fx',
];

const value = fc.oneof(hostileText, fc.constantFrom(...NEARLY));

/** The required inputs of a mode, and some inputs with any value. */
const inputs: fc.Arbitrary<Inputs> = fc
  .tuple(fc.constantFrom(...MODES), fc.array(fc.tuple(fc.constantFrom(...NAMES), value), { maxLength: 5 }))
  .map(([mode, given]) => ({ ...MINIMAL[mode], ...Object.fromEntries(given) }));

const movingOf = (request: TransferRequest): MovingRequest => (request.mode === 'doctor' ? request.examined : request);

/** Maximum length that the annotation and the summary of a step show. */
const MAX_MESSAGE_LENGTH = 20_000;

describe('hostile inputs', () => {
  it('are a request, or problems with one line each', () => {
    fc.assert(
      fc.property(inputs, (given) => {
        const outcome = outcomeOf(() => requestOf(given, {}));
        if ('value' in outcome) return;

        const { id, message } = outcome.failure.facts;
        expect(id).toBe('ACRT1001');
        expect(message.length).toBeLessThan(MAX_MESSAGE_LENGTH);
        expect(message.split('\n').filter((line) => /[^\P{C}\t]|[\p{Zl}\p{Zp}]/u.test(line))).toEqual([]);
        expect(
          message
            .split('\n')
            .slice(1)
            .filter((line) => !/^ {2}[a-z-]+(?:, [^:]+)?: /.test(line)),
        ).toEqual([]);
      }),
      { numRuns: 800 },
    );
  });

  it('are valid addresses of requests', () => {
    fc.assert(
      fc.property(inputs, (given) => {
        const outcome = outcomeOf(() => movingOf(requestOf(given, {})));
        if ('failure' in outcome) return;

        const request = outcome.value;
        expect(isTransferName(request.transferName)).toBe(true);
        if ('intake' in request && request.intake.kind === 'blobs') {
          expect(request.intake.names.filter((name) => !isBlobName(name))).toEqual([]);
        }
        const places = JSON.stringify(request).match(/"uri":"[^"]*"/g) ?? [];
        expect(places.filter((place) => !/^"uri":"https:\/\/[^/@?#]+\/[^?#]+"$/.test(place))).toEqual([]);
      }),
      { numRuns: 800 },
    );
  });

  it('never contain the value of a secret', () => {
    const CANARY = 'c4n4ry';
    fc.assert(
      fc.property(inputs, fc.constantFrom(...SECRET_INPUTS), hostileText, (given, secret, text) => {
        const outcome = outcomeOf(() => requestOf({ ...given, [secret]: `${text}${CANARY}` }, {}));

        if ('failure' in outcome) expect(JSON.stringify(outcome.failure.facts)).not.toContain(CANARY);
      }),
      { numRuns: 500 },
    );
  });

  it('may be long, and of one part over and over', () => {
    fc.assert(
      fc.property(fc.constantFrom(...MODES), fc.constantFrom(...NAMES), repeatedText(LONG), (mode, name, text) => {
        const outcome = outcomeOf(() => requestOf({ ...MINIMAL[mode], [name]: text }, {}));

        if ('failure' in outcome) expect(outcome.failure.facts.message.length).toBeLessThan(MAX_MESSAGE_LENGTH);
      }),
      { numRuns: 150 },
    );
  });

  it.each(['max-bandwidth', 'max-blob-size', 'blobs', 'artifacts', 'source-sas', 'target-container', 'shard'])(
    'may be long and blank within: %s',
    (name) => {
      const text = `1${' '.repeat(LONG)}/x`;

      expect(idOf(outcomeOf(() => requestOf({ ...MINIMAL.handoff, [name]: text }, {})))).toBe('ACRT1001');
    },
  );

  it('can have a problem on every line, of which some are listed', () => {
    const files = { 'list.txt': 'a b\n'.repeat(20_000) };
    const outcome = outcomeOf(() => requestOf({ ...MINIMAL.export, 'artifacts-file': 'list.txt' }, files));

    expect(outcome).toMatchObject({ failure: { facts: { id: 'ACRT1001' } } });
    const { message } = (outcome as { failure: { facts: { message: string } } }).failure.facts;
    expect(message.length).toBeLessThan(MAX_MESSAGE_LENGTH);
    expect(message).toMatch(/^20000 problems/);
    expect(message).toMatch(/… and 19950 more$/);
  });
});

describe('the forms of a hostile secret', () => {
  it('can be written for any text, with all its lines', () => {
    fc.assert(
      fc.property(hostileText, (secret) => {
        const forms = secretForms(secret);

        expect(forms.filter((form) => form.length < 4)).toEqual([]);
        if (secret.trim().length > 3) expect(forms).toContain(secret.trim());
      }),
      { numRuns: 1000 },
    );
  });
});
