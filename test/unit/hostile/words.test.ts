import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { retryAfterSeconds } from '../../../src/azure/http/retry-after.ts';
import { parseSecretUri } from '../../../src/azure/key-vault/vaults.ts';
import { pathOf } from '../../../src/filesystem/paths.ts';
import { redact } from '../../../src/transfer/errors/redact.ts';
import { TransferError } from '../../../src/transfer/errors/transfer-error.ts';
import { parseSize } from '../../../src/transfer/model/bytes.ts';
import { isBlobName, isTransferName } from '../../../src/transfer/model/names.ts';
import { parsePipelineId } from '../../../src/transfer/model/pipeline-id.ts';
import { formatReference, parseReference } from '../../../src/transfer/model/reference.ts';
import { readSas } from '../../../src/transfer/model/sas.ts';
import { parseShard } from '../../../src/transfer/model/shard.ts';
import { compileGlob } from '../../../src/transfer/selection/glob.ts';
import { parseSelection } from '../../../src/transfer/selection/parse.ts';
import { hostileText } from './texts.ts';

/** All parsers of a word. Each one returns a value or a problem, and throws nothing. */
const PARSERS: Readonly<Record<string, (text: string) => unknown>> = {
  reference: parseReference,
  'export pipeline': (text) => parsePipelineId(text, 'export'),
  shard: parseShard,
  size: parseSize,
  SAS: readSas,
  'secret URI': parseSecretUri,
  'Retry-After': (text) => retryAfterSeconds((name) => (name === 'retry-after' ? text : undefined), 0),
  'blob name': isBlobName,
  'transfer name': isTransferName,
  path: pathOf,
  redaction: redact,
};

describe('an untrusted word', () => {
  it.each(Object.keys(PARSERS))('is parsed or refused: %s', (name) => {
    fc.assert(
      fc.property(hostileText, (text) => {
        PARSERS[name]?.(text);
      }),
      { numRuns: 1000 },
    );
  });

  it('that is a reference is the same after formatting and parsing', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const parsed = parseReference(text);
        if ('problem' in parsed) return;
        expect(parseReference(formatReference(parsed.value))).toEqual(parsed);
      }),
      { numRuns: 1000 },
    );
  });

  it('that is a selection is parsed, or refused with its line', () => {
    fc.assert(
      fc.property(fc.array(hostileText, { maxLength: 5 }), (lines) => {
        try {
          parseSelection(lines.join('\n'));
        } catch (error) {
          if (!(error instanceof TransferError)) throw error;
          expect(error.facts.id).toMatch(/^ACRT1\d{3}$/);
        }
      }),
    );
  });

  it.each([
    { name: 'stars', pattern: '*a'.repeat(500), text: `${'a'.repeat(5000)}b` },
    { name: 'double stars', pattern: '**/a'.repeat(200), text: `${'a/'.repeat(2000)}b` },
    { name: 'question marks', pattern: `${'?*'.repeat(500)}z`, text: 'y'.repeat(5000) },
  ])('made of $name takes no time out of proportion', ({ pattern, text }) => {
    expect(compileGlob(pattern)(text)).toBe(false);
  });

  it('of many megabytes is redacted in time', () => {
    const text = `${'sig%3D'.repeat(100_000)}${'Bearer '.repeat(100_000)}${'eyJ'.repeat(100_000)}`;

    expect(redact(text).length).toBeGreaterThan(0);
  });
});
