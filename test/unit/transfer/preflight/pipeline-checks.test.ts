import { describe, expect, it } from '@jest/globals';
import { optionsWith, optionsWithout } from '../../../../src/transfer/preflight/pipeline-checks.ts';
import { pipelineFacts } from '../ports/context.fixture.ts';

const facts = pipelineFacts({ options: ['OverwriteTags', 'ContinueOnErrors'] });

describe('the options of a pipeline in a remedy', () => {
  it('have one more option', () => {
    expect(optionsWith(facts, 'OverwriteBlobs')).toBe('["OverwriteTags","ContinueOnErrors","OverwriteBlobs"]');
  });

  it('have one option fewer', () => {
    expect(optionsWithout(facts, 'OverwriteTags')).toBe('["ContinueOnErrors"]');
  });
});
