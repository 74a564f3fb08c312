import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parsePipelineId } from '../../../src/transfer/model/pipeline-id.ts';
import { hostileText, LONG, repeatedText } from './texts.fixture.ts';

const ARM = 'https://management.azure.com';
const GUID = '00000000-0000-4000-8000-000000000001';

const segment = (good: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant(good) },
    { weight: 1, arbitrary: hostileText },
    { weight: 2, arbitrary: fc.constantFrom('.', '..', '...', '(', 'a.', '.a', '%2e%2e', '-', '', `${good}\n`) },
  );

/** Resource IDs, most of them with one mistake. */
const ids = fc
  .tuple(segment(GUID), segment('group'), segment('registry'), segment('exportPipelines'), segment('exporter'))
  .map(
    ([subscription, group, registry, kind, name]) =>
      `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.ContainerRegistry/registries/${registry}/${kind}/${name}`,
  );

describe("a hostile pipeline's resource ID", () => {
  it('is requested at the address in its challenge, or not at all', () => {
    fc.assert(
      fc.property(ids, fc.constantFrom('export', 'import'), (text, kind) => {
        const parsed = parsePipelineId(text, kind);
        if ('problem' in parsed) return;

        const { resourceId, registryId, resourceGroup, registry, name } = parsed.value;
        expect(new URL(`${ARM}${resourceId}`).href).toBe(`${ARM}${resourceId}`);
        expect(resourceId).toBe(text);
        expect(registryId).toMatch(/\/registries\/[A-Za-z\d]+$/);
        expect(resourceId).toBe(
          `/subscriptions/${GUID}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerRegistry/registries/${registry}/exportPipelines/${name}`,
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('may be long, and of one part over and over', () => {
    fc.assert(
      fc.property(repeatedText(LONG), (text) => {
        expect(parsePipelineId(text, 'export')).toHaveProperty('problem');
        expect(parsePipelineId(`/subscriptions/${GUID}/resourceGroups/${text}`, 'export')).toHaveProperty('problem');
      }),
      { numRuns: 60 },
    );
  });
});
