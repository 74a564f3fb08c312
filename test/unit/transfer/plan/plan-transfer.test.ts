import { describe, expect, it } from '@jest/globals';
import { countNamed } from '../../../../src/transfer/plan/plan-transfer.ts';
import { runTransfer } from '../../../../src/transfer/run.ts';
import { digestOf, image } from '../ports/registry.fixture.ts';
import { fullRequest, twoClouds } from '../ports/context.fixture.ts';

describe('countNamed', () => {
  it('counts the artifacts that lines name in full', () => {
    const lines = ['a:v1', `b@${digestOf('b')}`, 'c:v*', 'd/*:v1', '!e:v1', '!f/*:v1', 'g'];
    expect(countNamed(fullRequest(lines))).toBe(3);
  });

  it('is 0 for an approved plan', () => {
    const order = { kind: 'approved', place: 'plan.json', onDrift: 'stop', shard: null } as const;
    expect(countNamed({ ...fullRequest(['a:v1']), order })).toBe(0);
  });
});

describe('the plan next to the blobs', () => {
  const clouds = () => {
    const both = twoClouds();
    both.source.registry.push('team/api', image('api'), 'v1');
    return both;
  };

  it('exists if there is something to transfer', async () => {
    const { source, context } = clouds();
    await runTransfer(fullRequest(['team/api:v1']), context);
    expect(source.container.text('nightly.plan.json')).not.toBeNull();
  });

  it("doesn't exist after a dry run, or if there is nothing to transfer", async () => {
    const { source, target, context } = clouds();
    await runTransfer({ ...fullRequest(['team/api:v1']), dryRun: true }, context);
    expect([...source.container.blobs.keys()]).toEqual([]);
    target.registry.push('team/api', image('api'), 'v1');
    const incremental = { kind: 'target' } as const;
    await runTransfer(fullRequest(['team/api:v1'], { incremental }), context);
    expect(source.container.text('nightly.plan.json')).toBeNull();
  });
});
