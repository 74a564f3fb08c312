import { expect } from '@jest/globals';
import { readPipeline } from '../../../../src/azure/arm/pipelines.ts';
import { listStates, putState, readState, removeState } from '../../../../src/azure/provisioning/pipelines.ts';
import type { PipelineState } from '../../../../src/provisioning/ports.ts';
import type { DesiredPipeline } from '../../../../src/provisioning/request.ts';
import { PLACES } from '../../../fixtures/contract/facts.ts';
import type { Fact } from '../../../fixtures/contract/facts.ts';
import { each } from '../compared.ts';
import type { Compare, Comparisons } from '../compared.ts';
import { armAt, json, pipelineId, startReplay } from '../replay.ts';
import type { Replay } from '../replay.ts';

const MODES = ['mi-systemAssigned', 'mi-userAssigned', 'sas-systemAssigned'] as const;
type Mode = (typeof MODES)[number];

const PRINCIPAL = '44444444-1111-4111-8111-111111111111';
const IDENTITY = `${PLACES.subscription}/resourcegroups/group/providers/Microsoft.ManagedIdentity/userAssignedIdentities/identity`;
const BY_IDENTITY = { kind: 'identity' } as const;
const SYSTEM = { kind: 'system' } as const;

const MODE: Readonly<Record<Mode, Pick<DesiredPipeline, 'access' | 'identity'>>> = {
  'mi-systemAssigned': { access: BY_IDENTITY, identity: SYSTEM },
  'mi-userAssigned': { access: BY_IDENTITY, identity: { kind: 'user', resourceId: IDENTITY } },
  'sas-systemAssigned': {
    access: { kind: 'sas', secretUri: 'https://vault.vault.azure.net/secrets/sas-token-secret' },
    identity: SYSTEM,
  },
};

const kindOf = ({ path }: Fact): 'export' | 'import' => (path.includes('/exportPipelines') ? 'export' : 'import');

const modeOf = ({ name }: Fact): Mode => MODES.find((mode) => name.includes(mode)) ?? 'mi-systemAssigned';

function wishOf(fact: Fact): DesiredPipeline {
  const kind = kindOf(fact);
  return {
    ...MODE[modeOf(fact)],
    containerUri: `https://account.blob.core.windows.net/${kind}-container`,
    options: [],
    sourceTrigger: kind === 'export' ? null : 'enabled',
  };
}

const stateOf = (fact: Fact): PipelineState => ({
  ...wishOf(fact),
  provisioningState: 'Succeeded',
  principalId: PRINCIPAL,
  resourceId: `${PLACES.registry}/${kindOf(fact)}Pipelines/pipeline`,
  location: null,
});

/** The action always sends options. An empty list means the same as none. */
const sent = ({ body }: { readonly body: string }): unknown => {
  const parsed = JSON.parse(body) as { properties: { options: unknown[] } };
  expect(parsed.properties.options).toEqual([]);
  const { options: _, ...properties } = parsed.properties;
  return { ...parsed, properties };
};

const put: Compare<Replay> = async (fact, replay) => {
  replay.answer(fact);
  expect(await putState(armAt(replay), pipelineId(kindOf(fact)), wishOf(fact), null)).toEqual(stateOf(fact));
  const [asked] = replay.asked;
  expect([asked?.method, asked?.path]).toEqual([fact.method, fact.path]);
  expect(sent(asked ?? { body: '' })).toEqual(fact.sends);
};

const get: Compare<Replay> = async (fact, replay) => {
  replay.answer(fact);
  const id = pipelineId(kindOf(fact));
  expect(await readState(armAt(replay), id)).toEqual(stateOf(fact));
  const { resourceId: _, identity: __, location: ___, ...facts } = stateOf(fact);
  expect(await readPipeline(armAt(replay), id)).toEqual(facts);
  expect(replay.asked[0]?.path).toBe(fact.path);
};

const remove: Compare<Replay> = async (fact, replay) => {
  replay.answer(fact);
  const done = fact.status === 204 ? 'unchanged' : 'done';
  expect(await removeState(armAt(replay), pipelineId(kindOf(fact)))).toBe(done);
  expect(replay.asked.map(({ method }) => method)).toEqual(['DELETE']);
};

/** The action's result for the body of a pipeline. The request isn't compared. */
const understood =
  (expected: Partial<PipelineState>): Compare<Replay> =>
  async (fact, replay) => {
    replay.answer(fact);
    expect(await putState(armAt(replay), pipelineId(kindOf(fact)), wishOf(fact), null)).toMatchObject(expected);
  };

const OLD = {
  location: 'WESTUS',
  identity: SYSTEM,
  access: { kind: 'sas', secretUri: 'https://vault.vault.azure.net/secrets/exportsas' },
  containerUri: 'https://account.blob.core.windows.net/containername',
} as const;

const names = (verb: string): string[] =>
  ['export', 'import'].flatMap((kind) => MODES.map((mode) => `${verb}-${kind}Pipeline-${mode}-200`));

/** Pipelines, as setup and transfers read and change them. */
export const pipelines: Comparisons<Replay> = {
  open: startReplay,
  close: (replay) => replay.close(),
  facts: {
    ...each(names('PUT'), put),
    ...each(names('GET'), get),
    ...each([...names('DELETE'), 'DELETE-exportPipeline-200', 'DELETE-exportPipeline-missing-204'], remove),
    'PUT-exportPipeline-2021-12-01-preview-200': understood(OLD),
    'PUT-importPipeline-2021-08-01-preview-options-200': understood({
      location: 'EASTUS',
      options: ['OverwriteTags', 'DeleteSourceBlobOnSuccess', 'ContinueOnErrors'],
      sourceTrigger: 'enabled',
    }),
    'PUT-exportPipeline-201-spec': understood({ location: 'westus', options: ['OverwriteBlobs'] }),
    'LIST-exportPipelines-200': async (fact, replay) => {
      replay.answer(fact, json({ value: [] }));
      expect(await listStates(armAt(replay), pipelineId('export'))).toMatchObject([OLD]);
    },
    'LIST-importPipelines-empty-200': async (fact, replay) => {
      replay.answer(fact);
      expect(await listStates(armAt(replay), pipelineId('import'))).toEqual([]);
      expect(replay.asked.map(({ path }) => path)).toContain(fact.path);
    },
  },
};
