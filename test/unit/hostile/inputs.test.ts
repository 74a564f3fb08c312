import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { actionDefinition } from '../../../scripts/action-definition.ts';
import { requestLines, selectionLines } from '../../../src/action/inputs/echo.ts';
import { readProvisioningRequest } from '../../../src/action/inputs/provisioning.ts';
import { readRequest } from '../../../src/action/inputs/request.ts';
import { showProblems } from '../../../src/action/report/annotations.ts';
import { beginGroup, print } from '../../../src/action/runner/log.ts';
import { TransferError, transferError } from '../../../src/transfer/errors/transfer-error.ts';
import { MINIMAL, sourcesOf } from '../action/inputs/request.fixture.ts';
import { hostileText } from './texts.ts';

const { inputs: DEFINED } = actionDefinition();
const NAMES = Object.keys(DEFINED);

/** Inputs of a working step, with some untrusted values. */
const hostileInputs = fc
  .tuple(
    fc.constantFrom(...Object.values(MINIMAL)),
    fc.dictionary(fc.constantFrom(...NAMES), hostileText, { maxKeys: 4, noNullPrototype: true }),
  )
  .map(([least, given]) => ({ ...least, ...given }));

let written = '';

beforeEach(() => {
  written = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written += String(text);
    return true;
  });
});

afterEach(() => {
  jest.restoreAllMocks();
});

/** Lines that a runner would obey, but for those that this action means. */
const obeyed = (): readonly string[] =>
  written
    .split(/[\r\n]+/)
    .filter((line) => /^[\s\u0085]*::(?!group::|endgroup::|error |warning |error::|warning::)|##\[/.test(line));

describe('untrusted inputs', () => {
  it('are parsed, or all refused at once', () => {
    fc.assert(
      fc.property(hostileInputs, (inputs) => {
        try {
          const request = readRequest(sourcesOf(inputs));
          for (const line of [...requestLines(request), ...selectionLines(request)]) print(line);
        } catch (error) {
          if (!(error instanceof TransferError)) throw error;
          expect(error.facts.id).toMatch(/^ACRT1\d{3}$/);
          showProblems({ failures: [error.facts], checkWarnings: [], warnings: [] });
        }
        expect(obeyed()).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('of a setup are parsed, or all refused at once', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(actionDefinition('setup').inputs)), hostileText),
        (inputs) => {
          try {
            readProvisioningRequest((name) => inputs[name] ?? '');
          } catch (error) {
            if (!(error instanceof TransferError)) throw error;
            expect(error.facts.id).toMatch(/^ACRT1\d{3}$/);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('creates no workflow command from printed text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        print(text);
        beginGroup(text);
        const { facts } = transferError('ACRT4001', { run: text, reason: text });
        showProblems({ failures: [facts], checkWarnings: [facts], warnings: [text] });
        expect(obeyed()).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
