import { describe, expect, it } from '@jest/globals';
import { parsePipelineId } from '../../../../src/transfer/model/pipeline-id.ts';

const SUBSCRIPTION = '11111111-2222-3333-4444-555555555555';
const REGISTRY = `/subscriptions/${SUBSCRIPTION}/resourceGroups/my-group_(1).x/providers/Microsoft.ContainerRegistry/registries/contoso`;
const EXPORT = `${REGISTRY}/exportPipelines/exporter1`;

describe('parsePipelineId', () => {
  it('parses the parts of the ID', () => {
    expect(parsePipelineId(EXPORT, 'export')).toEqual({
      ok: true,
      value: {
        kind: 'export',
        resourceId: EXPORT,
        subscriptionId: SUBSCRIPTION,
        resourceGroup: 'my-group_(1).x',
        registry: 'contoso',
        registryId: REGISTRY,
        name: 'exporter1',
      },
    });
  });

  it('ignores case, as ARM does', () => {
    const shouted = EXPORT.toUpperCase();

    expect(parsePipelineId(shouted, 'export')).toMatchObject({
      value: { kind: 'export', registry: 'CONTOSO', resourceId: shouted, registryId: REGISTRY.toUpperCase() },
    });
  });

  it.each([
    { kind: 'export', other: 'import' },
    { kind: 'import', other: 'export' },
  ] as const)('distinguishes an $other pipeline from an $kind pipeline', ({ kind, other }) => {
    expect(parsePipelineId(`${REGISTRY}/${other}Pipelines/pipeline`, kind)).toEqual({
      ok: false,
      problem: `this is an ${other} pipeline; use an ${kind} pipeline`,
    });
  });

  it.each([
    { name: 'only a name', text: 'exporter1' },
    { name: 'the ID of a registry', text: REGISTRY },
    { name: 'the ID of a run', text: `${REGISTRY}/pipelineRuns/run00001` },
    { name: 'a name that is too short', text: `${REGISTRY}/exportPipelines/abcd` },
    { name: 'a name with a dash', text: `${REGISTRY}/exportPipelines/my-pipeline` },
    { name: 'a name that is too long', text: `${REGISTRY}/exportPipelines/${'a'.repeat(51)}` },
    { name: 'a subscription that is not an ID', text: EXPORT.replace(SUBSCRIPTION, 'production') },
    { name: 'a suffix after the name', text: `${EXPORT}/operationStatuses/1` },
    { name: 'a URL', text: `https://management.azure.com${EXPORT}` },
    { name: 'another provider', text: EXPORT.replace('Microsoft.ContainerRegistry', 'Microsoft.Storage') },
  ])('rejects $name, and shows the correct form', ({ text }) => {
    expect(parsePipelineId(text, 'export')).toEqual({
      ok: false,
      problem: expect.stringMatching(
        /^not the resource ID of a pipeline; use .*\/registries\/<registry>\/exportPipelines\/<name>$/,
      ),
    });
  });
});
