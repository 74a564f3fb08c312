import { describe, expect, it } from '@jest/globals';
import { endedRuns } from '../../../../src/transfer/cleanup/leftovers.ts';
import { runName } from '../../../../src/transfer/model/artifact.ts';
import type { RunFacts } from '../../../../src/transfer/ports/pipelines.ts';

const PIPELINE = '/subscriptions/s/exportPipelines/one';
const run = (changes: Partial<RunFacts> = {}): RunFacts => ({
  name: runName('export', PIPELINE, 'a.tar'),
  pipelineId: PIPELINE,
  ended: true,
  startedAt: 1000,
  ...changes,
});

describe('endedRuns', () => {
  it.each([
    { name: 'an own run', facts: run(), before: null, found: true },
    { name: 'an own run of unknown age', facts: run({ startedAt: null }), before: null, found: true },
    { name: 'an old run', facts: run(), before: 2000, found: true },
    { name: 'a recent run', facts: run(), before: 1000, found: false },
    { name: 'a run of unknown age among old ones', facts: run({ startedAt: null }), before: 2000, found: false },
    { name: 'a run in progress', facts: run({ ended: false }), before: null, found: false },
    { name: 'a run with another name', facts: run({ name: 'exportNightly' }), before: null, found: false },
    {
      name: 'a run whose name ends like that of an own run',
      facts: run({ name: `my${run().name}` }),
      before: null,
      found: false,
    },
    { name: 'an own trial run', facts: run({ name: `trial${'0a'.repeat(10)}` }), before: null, found: true },
    { name: 'a run with a shorter hash', facts: run({ name: run().name.slice(0, -1) }), before: null, found: false },
    { name: 'a run of the source trigger', facts: run({ name: `${run().name}_1` }), before: null, found: false },
    { name: 'a run of another pipeline', facts: run({ pipelineId: `${PIPELINE}2` }), before: null, found: false },
    { name: 'a pipeline in other case', facts: run({ pipelineId: PIPELINE.toUpperCase() }), before: null, found: true },
  ])('$name: $found', ({ facts, before, found }) => {
    expect(endedRuns([facts], PIPELINE, before)).toEqual(found ? [facts] : []);
  });
});
