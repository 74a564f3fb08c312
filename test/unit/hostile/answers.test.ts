import { afterEach, describe, expect, it } from '@jest/globals';
import { RestError } from '@azure/core-rest-pipeline';
import fc from 'fast-check';
import type * as z from 'zod';
import { toRunState } from '../../../src/azure/arm/pipeline-runs.ts';
import { readServiceError } from '../../../src/azure/http/service-error.ts';
import { catalogPage, manifestsPage, referrersPage, tagsPage } from '../../../src/azure/registry/listings.ts';
import { toManifest } from '../../../src/azure/registry/manifest.ts';
import { nextPage } from '../../../src/azure/registry/reader.ts';
import { searchLink } from '../../../src/transfer/errors/catalog-entry.ts';
import { classifyArm, classifyRegistry, classifyRun, classifySignIn } from '../../../src/transfer/errors/classify.ts';
import { responseOf } from '../azure/registry/transport.fixture.ts';
import { expectCleanPrototype, hostileJson, hostileText } from './texts.ts';

const PAGES: Readonly<Record<string, z.ZodType>> = { catalogPage, manifestsPage, referrersPage, tagsPage };

const REGISTRY = 'https://registry.example';

afterEach(expectCleanPrototype);

describe('a hostile response of a service', () => {
  it.each(Object.keys(PAGES))('is a page, or none: %s', (name) => {
    fc.assert(
      fc.property(hostileJson, (json) => {
        PAGES[name]?.safeParse(JSON.parse(JSON.stringify(json)));
      }),
      { numRuns: 500 },
    );
  });

  it('is a manifest with the digest of its bytes, or an error in words', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          hostileText,
          hostileJson.map((json) => JSON.stringify(json)),
        ),
        hostileText,
        (text, header) => {
          const answer = {
            ...responseOf(200, '', { 'content-type': header.replace(/[^\x20-\x7e]/g, '') }),
            body: Buffer.from(text),
          };
          try {
            expect(toManifest(answer, 'v1').digest).toMatch(/^sha256:[\da-f]{64}$/);
          } catch (error) {
            expect(error).toBeInstanceOf(Error);
            expect((error as Error).message).not.toMatch(/undefined|\[object/);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it("doesn't lead to another host", () => {
    const link = fc.oneof(
      hostileText.map((text) => `<${text}>; rel="next"`),
      fc
        .constantFrom(
          'evil.example',
          'registry.example@evil.example',
          'registry.example.evil.example',
          'REGISTRY.example:444',
        )
        .map((host) => `<https://${host}/v2/>; rel=next`),
      fc
        .constantFrom(
          '\\\\evil.example',
          '/\\evil.example',
          'http://registry.example/',
          'javascript:alert(1)',
          'file:///etc/passwd',
        )
        .map((url) => `<${url}>; rel="next"`),
    );
    fc.assert(
      fc.property(link, (text) => {
        try {
          const next = nextPage(text, `${REGISTRY}/v2/_catalog`);
          if (next !== null) expect(new URL(next).origin).toBe(REGISTRY);
        } catch (error) {
          expect((error as Error).message).toMatch(/host|TLS|URL/);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('is a run in one of three states', () => {
    const words = fc.oneof(hostileText, fc.constantFrom('Succeeded', 'Failed', 'Running', 'Canceled', null, undefined));
    fc.assert(
      fc.property(words, words, words, (state, status, message) => {
        const run = toRunState({
          provisioningState: state,
          response: { status, pipelineRunErrorMessage: message, progress: { percentage: message } },
        });
        expect(['running', 'succeeded', 'failed']).toContain(run.kind);
        if (run.kind === 'running' && run.percentage !== null) {
          expect(run.percentage).toBeGreaterThanOrEqual(0);
          expect(run.percentage).toBeLessThanOrEqual(100);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is reported in one line for any error message', () => {
    fc.assert(
      fc.property(hostileText, hostileText, fc.integer({ min: 100, max: 599 }), (message, code, status) => {
        const response = {
          status,
          headers: responseOf(status).headers,
          bodyAsText: JSON.stringify({ error: { code, message } }),
        };
        const error = new RestError(message, { statusCode: status, response: response as never });
        const { reason } = readServiceError(error);
        expect(reason).not.toMatch(/[\r\n]/);
        for (const judge of [classifyRun, classifyRegistry, classifySignIn])
          expect(judge(reason)).toMatch(/^ACRT\d{4}$/);
        expect(classifyArm(reason, false)).toMatch(/^ACRT\d{4}$/);
        const link = searchLink(reason);
        if (link !== '') expect(link).toContain('https://github.com/search?');
      }),
      { numRuns: 500 },
    );
  });
});
