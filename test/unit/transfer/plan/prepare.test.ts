/** Which batches of an earlier plan, next to the blobs, a new plan keeps. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { readDocument, writeDocument } from '../../../../src/transfer/documents/codec.ts';
import { PLAN, type PlanDocument } from '../../../../src/transfer/documents/schemas.ts';
import { planName } from '../../../../src/transfer/model/names.ts';
import { formatReference } from '../../../../src/transfer/model/reference.ts';
import { prepare } from '../../../../src/transfer/plan/prepare.ts';
import { runTransfer } from '../../../../src/transfer/run.ts';
import { image } from '../ports/registry.fixture.ts';
import {
  apartRequests,
  fullRequest,
  pipelineFacts,
  pipelineOf,
  twoClouds,
  type TwoClouds,
} from '../ports/context.fixture.ts';

const LINES = ['team/api:v1', 'team/web:v1'];
const NAME = planName('nightly');

let clouds: TwoClouds;

/** An earlier attempt that exported each artifact in a batch of its own, and left its plan next to the blobs. */
beforeEach(async () => {
  clouds = twoClouds();
  clouds.source.registry.push('team/api', image('api'), 'v1');
  clouds.source.registry.push('team/web', image('web'), 'v1');
  await runTransfer(apartRequests(LINES, { artifactsPerRun: 1 }).export, clouds.context);
});

/** Replaces the earlier plan. */
function alter(change: (plan: PlanDocument) => PlanDocument): void {
  const plan = readDocument(PLAN, clouds.source.container.text(NAME) ?? '', NAME);
  clouds.source.container.put(NAME, Buffer.from(writeDocument(change(plan))));
}

/** References in each batch of a new plan. By default, both artifacts go into one batch. */
async function batches(): Promise<readonly (readonly string[])[]> {
  const { registry, container, runs } = clouds.source;
  const source = { pipeline: pipelineOf('export'), facts: pipelineFacts(), registry, container, runs };
  const prepared = await prepare({ request: fullRequest(LINES), source, target: null, context: clouds.context });
  if (!prepared.ok) throw new Error(prepared.problem.map(({ message }) => message).join('; '));
  return prepared.value.plan.batches.map(({ artifacts }) =>
    artifacts.map(({ reference }) => formatReference(reference)),
  );
}

const KEPT = [['team/api:v1'], ['team/web:v1']];
const PLANNED_ANEW = [LINES];

describe('an earlier plan next to the blobs', () => {
  it('keeps its batches in the new plan, because their runs might be in progress', async () => {
    expect(await batches()).toEqual(KEPT);
  });

  it('keeps no batch if it belongs to another registry', async () => {
    alter((plan) => ({ ...plan, registry: 'other.azurecr.io' }));

    expect(await batches()).toEqual(PLANNED_ANEW);
  });

  it('keeps no batch if it belongs to another transfer', async () => {
    alter((plan) => ({ ...plan, batches: plan.batches.map((batch) => ({ ...batch, blob: `x${batch.blob}` })) }));

    expect(await batches()).toEqual(PLANNED_ANEW);
  });

  it.each([
    { name: 'is damaged', text: '{' },
    { name: 'is another document', text: '{"kind":"acr-transfer/receipt","version":1}' },
    { name: 'was deleted', text: null },
  ])('keeps no batch if it $name', async ({ text }) => {
    if (text === null) clouds.source.container.blobs.delete(NAME);
    else clouds.source.container.put(NAME, Buffer.from(text));

    expect(await batches()).toEqual(PLANNED_ANEW);
  });
});
