import { describe, expect, it } from '@jest/globals';
import type { HandoffLocation, HandoffRequest, MovingRequest } from '../../../src/transfer/model/request.ts';
import { sidePlansOf } from '../../../src/transfer/model/side.ts';
import { sidesOf } from '../../../src/transfer/run.ts';
import { apartRequests, fullRequest, healthyInspector, pipelineOf, twoClouds } from './ports/context.fixture.ts';

const LINES = ['team/api:v1'];
const EXPORT = pipelineOf('export');
const IMPORT = pipelineOf('import');

function handoff(source: HandoffLocation, target: HandoffLocation): HandoffRequest {
  const { handoff: request } = apartRequests(LINES);
  if (request.mode !== 'handoff') throw new Error('it is no handoff');
  return { ...request, sourceContainer: source, targetContainer: target };
}

const moving = (mode: 'export' | 'import'): MovingRequest => apartRequests(LINES)[mode] as MovingRequest;

const [DIRECTORY, CONTAINER] = [
  { kind: 'directory', path: 'media' },
  { kind: 'uri', uri: 'https://account.blob.core.windows.net/transfer' },
] as const;
const BY_EXPORT = { kind: 'pipeline', pipeline: EXPORT } as const;
const BY_IMPORT = { kind: 'pipeline', pipeline: IMPORT } as const;

/** Pipelines of both sides, and whether the action starts runs there. Null: the mode doesn't use the side. */
const touched = (request: MovingRequest) => {
  const { source, target } = sidePlansOf(request);
  return [source, target].map((place) => (place === null ? null : [place.pipeline, place.startsRuns]));
};

describe('the sides that a mode uses', () => {
  it.each<{ name: string; request: MovingRequest; expected: unknown }>([
    {
      name: 'full',
      request: fullRequest(LINES),
      expected: [
        [EXPORT, true],
        [IMPORT, true],
      ],
    },
    {
      name: 'full, by the trigger',
      request: fullRequest(LINES, { importBy: 'trigger' }),
      expected: [
        [EXPORT, true],
        [IMPORT, false],
      ],
    },
    { name: 'export', request: moving('export'), expected: [[EXPORT, true], null] },
    { name: 'import', request: moving('import'), expected: [null, [IMPORT, true]] },
    {
      name: 'handoff between pipelines',
      request: handoff(BY_EXPORT, BY_IMPORT),
      expected: [
        [EXPORT, false],
        [IMPORT, false],
      ],
    },
    {
      name: 'handoff between containers',
      request: handoff(CONTAINER, CONTAINER),
      expected: [
        [null, false],
        [null, false],
      ],
    },
    { name: 'handoff to a directory', request: handoff(BY_EXPORT, DIRECTORY), expected: [[EXPORT, false], null] },
    { name: 'handoff from a directory', request: handoff(DIRECTORY, BY_IMPORT), expected: [null, [IMPORT, false]] },
  ])('$name', ({ request, expected }) => {
    expect(touched(request)).toEqual(expected);
  });
});

describe('the facts of a side', () => {
  const containers = { source: 'https://source/transfer', target: 'https://target/transfer' };

  it('identify its resources', async () => {
    const { context } = twoClouds();
    const { source, target } = await sidesOf(fullRequest(LINES), containers, context);
    expect(source).toEqual({
      cloud: 'azurecloud',
      portal: 'https://portal.azure.com',
      identity: null,
      registryId: EXPORT.registryId,
      pipelineId: EXPORT.resourceId,
      container: containers.source,
      storageAccountId: '/accounts/account',
      startsRuns: true,
    });
    expect(target).toMatchObject({ registryId: IMPORT.registryId, container: containers.target });
  });

  it('are fewer without a pipeline, a container, or permission to read the account', async () => {
    const unseen = { storageAccount: () => Promise.resolve({ ok: false, problem: 'no' } as const) };
    const inspector = () => healthyInspector(unseen);
    const { context } = twoClouds({ services: { target: { inspector } } });
    const request = handoff(CONTAINER, BY_IMPORT);
    const { source, target } = await sidesOf(request, containers, context);
    expect(source).toMatchObject({ registryId: null, pipelineId: null, storageAccountId: null });
    expect(target).toMatchObject({ storageAccountId: null, container: containers.target });
    const { target: without } = await sidesOf(fullRequest(LINES), {}, twoClouds().context);
    expect(without).toMatchObject({ container: null, storageAccountId: null });
  });

  it('are those of the request that a doctor examines', async () => {
    const { context } = twoClouds();
    const examined = moving('export');
    const { transferName, artifactsPerRun, parallelRuns, failFast, timeoutMinutes } = examined;
    const terms = { transferName, artifactsPerRun, parallelRuns, failFast, timeoutMinutes, cleanupDays: null };
    const { source, target } = await sidesOf({ mode: 'doctor', ...terms, examined }, containers, context);
    expect([source?.pipelineId, target]).toEqual([EXPORT.resourceId, null]);
  });
});
