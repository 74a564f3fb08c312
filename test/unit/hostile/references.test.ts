import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isBlobName, isTransferName } from '../../../src/transfer/model/names.ts';
import { formatReference, parseReference } from '../../../src/transfer/model/reference.ts';
import { subjectOfTag } from '../../../src/transfer/selection/pattern.ts';
import { hostileText, LONG, repeatedText } from './texts.fixture.ts';

const HOST = 'https://registry.azurecr.io';

const part = fc.oneof(
  hostileText,
  fc.constantFrom('team', '/', '.', '..', '-', '__', ':', '@', 'v1', `sha256:${'0a'.repeat(32)}`, 'x.azurecr.io/'),
);
const references = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''));

describe('a hostile reference', () => {
  it('is one, or has a problem that names it in part at most', () => {
    fc.assert(
      fc.property(references, (text) => {
        const parsed = parseReference(text);

        if ('problem' in parsed) expect(parsed.problem.length).toBeLessThan(text.length + 100);
        else expect(parseReference(formatReference(parsed.value))).toEqual(parsed);
      }),
      { numRuns: 1000 },
    );
  });

  it("doesn't change the path of a URL", () => {
    fc.assert(
      fc.property(references, (text) => {
        const parsed = parseReference(text);
        if ('problem' in parsed) return;

        const path = `/v2/${formatReference(parsed.value)}/manifests`;
        expect(new URL(`${HOST}${path}`).href).toBe(`${HOST}${path}`);
      }),
      { numRuns: 1000 },
    );
  });

  it('may be long, and of one part over and over', () => {
    fc.assert(
      fc.property(repeatedText(LONG), (text) => {
        expect(parseReference(text)).toHaveProperty('problem');
        expect(isBlobName(text)).toBe(false);
        expect(isTransferName(text)).toBe(false);
        expect(subjectOfTag(text)).toBeNull();
      }),
      { numRuns: 100 },
    );
  });
});

describe('the name of a hostile transfer or blob', () => {
  it("doesn't change the path of a URL", () => {
    fc.assert(
      fc.property(references, (text) => {
        if (!isBlobName(text)) return;

        const path = `/container/${text.split('/').map(encodeURIComponent).join('/')}`;
        expect(new URL(`${HOST}${path}`).pathname).toBe(path);
      }),
      { numRuns: 1000 },
    );
  });

  it('of a transfer needs no encoding anywhere', () => {
    fc.assert(
      fc.property(references, (text) => {
        if (isTransferName(text)) expect(text).toMatch(/^(?!.*\.\.)[\w.-]+(?:\/[\w.-]+)*$/);
      }),
      { numRuns: 1000 },
    );
  });
});
